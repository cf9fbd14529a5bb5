#include "graph/ops/global_pool.h"

namespace gan::core {

SymbolicShape GlobalPool::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  in.RequireRank(0, 4);
  return {in.shape(0)[0], in.shape(0)[1], 1, 1};
}

double GlobalPool::MultiplyAdds(std::span<const Shape> in, const Shape&) const {
  return static_cast<double>(in[0].elements());
}

}  // namespace gan::core
