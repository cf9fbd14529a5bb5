#include "graph/ops/pixel_norm.h"

namespace gan::core {

SymbolicShape PixelNorm::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  if (in.shape(0).size() < 2) in.FailAt(0, "wants a channel axis, got {}", ToString(in.shape(0)));
  in.RequireConstant(0, 1);
  // Features that are all 0 are divided by sqrt(epsilon): 0 would make them NaN.
  if (!(epsilon > 0)) Fail(ErrorCode::kBadData, kName, "wants epsilon above 0, got {}", epsilon);
  return in.shape(0);
}

double PixelNorm::MultiplyAdds(std::span<const Shape>, const Shape& out) const {
  return 2 * static_cast<double>(out.elements());
}

}  // namespace gan::core
