#include "graph/ops/batch_norm.h"

namespace gan::core {

SymbolicShape BatchNorm::InferShape(const Operands& in) const {
  in.RequireCount(3, 5);
  if (in.size() == 4) {
    Fail(ErrorCode::kBadData, kName, "wants a weight and a bias or neither, got one of them");
  }
  if (in.shape(0).size() < 2) in.FailAt(0, "wants a channel axis, got {}", ToString(in.shape(0)));
  // A channel that never changes is divided by sqrt(epsilon): 0 would make it NaN.
  if (!(epsilon > 0)) Fail(ErrorCode::kBadData, kName, "wants epsilon above 0, got {}", epsilon);
  if (!(momentum >= 0 && momentum <= 1)) {
    Fail(ErrorCode::kBadData, kName, "wants momentum from 0 to 1, got {}", momentum);
  }
  const int64_t channels = in.RequireConstant(0, 1);
  for (size_t i = 1; i < in.size(); ++i) in.RequireShape(i, {channels});
  return in.shape(0);
}

double BatchNorm::MultiplyAdds(std::span<const Shape>, const Shape& out) const {
  return static_cast<double>(out.elements());
}

}  // namespace gan::core
