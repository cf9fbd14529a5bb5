// The flag inside gan::CancelFlag, for the layers below.
#ifndef GAN_API_PROGRESS_STATE_H_
#define GAN_API_PROGRESS_STATE_H_

#include "base/progress.h"
#include "gan/progress.h"

namespace gan {

struct CancelFlag::State {
  core::CancelFlag flag;
};

// Null for null.
inline const core::CancelFlag* CoreFlag(const CancelFlag* cancel) {
  return cancel == nullptr ? nullptr : &cancel->state().flag;
}

}  // namespace gan

#endif  // GAN_API_PROGRESS_STATE_H_
