#include "base/progress.h"

#include "base/error.h"

namespace gan::core {

void CancelFlag::ThrowIfCancelled() const {
  if (cancelled())
    Fail(ErrorCode::kInterrupted, "interrupted", "stopped; no file was left half-written");
}

}  // namespace gan::core
