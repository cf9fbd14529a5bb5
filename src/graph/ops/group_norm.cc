#include "graph/ops/group_norm.h"

namespace gan::core {

SymbolicShape GroupNorm::InferShape(const Operands& in) const {
  in.RequireCount(1, 3);
  if (in.size() == 2) {
    Fail(ErrorCode::kBadData, kName, "wants a weight and a bias or neither, got one of them");
  }
  in.RequireRank(0, 4);
  if (!(epsilon > 0)) Fail(ErrorCode::kBadData, kName, "wants epsilon above 0, got {}", epsilon);
  in.RequireAttribute("groups", groups, 1);
  const int64_t channels = in.RequireConstant(0, 1);
  if (channels % groups != 0)
    in.FailAt(0, "cannot split {} channels into {} groups", channels, groups);
  for (size_t i = 1; i < in.size(); ++i) in.RequireShape(i, {channels});
  return in.shape(0);
}

double GroupNorm::MultiplyAdds(std::span<const Shape>, const Shape& out) const {
  return 3 * static_cast<double>(out.elements());
}

}  // namespace gan::core
