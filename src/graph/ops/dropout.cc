#include "graph/ops/dropout.h"

namespace gan::core {

SymbolicShape Dropout::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  if (in.shape(0).size() < 2) in.FailAt(0, "wants a channel axis, got {}", ToString(in.shape(0)));
  if (!(probability >= 0 && probability < 1)) {
    Fail(ErrorCode::kBadData, kName, "wants a probability of at least 0 and below 1, got {}",
         probability);
  }
  return in.shape(0);
}

}  // namespace gan::core
