#include "graph/ops/prelu.h"

namespace gan::core {

SymbolicShape Prelu::InferShape(const Operands& in) const {
  in.RequireCount(2, 2);
  if (in.shape(0).size() < 2) in.FailAt(0, "wants a channel axis, got {}", ToString(in.shape(0)));
  in.RequireRank(1, 1);
  const int64_t slopes = in.RequireConstant(1, 0);
  const int64_t channels = in.RequireConstant(0, 1);
  if (slopes != 1 && slopes != channels) {
    in.FailAt(1, "has {} slopes, \"{}\" has {} channels", slopes, in.name(0), channels);
  }
  return in.shape(0);
}

double Prelu::MultiplyAdds(std::span<const Shape>, const Shape& out) const {
  return static_cast<double>(out.elements());
}

}  // namespace gan::core
