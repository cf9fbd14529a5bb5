#include "gan/progress.h"

#include "api/progress_state.h"
#include "base/file.h"

namespace gan {

CancelFlag::CancelFlag() : state_(std::make_unique<State>()) {}
CancelFlag::~CancelFlag() = default;
void CancelFlag::Cancel() noexcept { state_->flag.Cancel(); }
bool CancelFlag::cancelled() const noexcept { return state_->flag.cancelled(); }

void RemoveTemporaryFiles() noexcept { core::RemoveTemporaryFiles(); }

}  // namespace gan
