#include "graph/ops/affine.h"

namespace gan::core {

SymbolicShape Affine::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  return in.shape(0);
}

double Affine::MultiplyAdds(std::span<const Shape>, const Shape& out) const {
  return static_cast<double>(out.elements());
}

}  // namespace gan::core
