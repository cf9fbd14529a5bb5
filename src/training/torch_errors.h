// LibTorch's exceptions as ours.
#ifndef GAN_TRAINING_TORCH_ERRORS_H_
#define GAN_TRAINING_TORCH_ERRORS_H_

#include <c10/util/Exception.h>

#include <string>
#include <utility>

#include "base/error.h"

namespace gan::core {

// Calls `body`. What LibTorch throws ends as Error kInternal with the first line of its text, which
// else goes on for a screen.
template <class Body>
auto WithTorchErrors(Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    Fail(ErrorCode::kInternal, "LibTorch", "{}", Printable(text.substr(0, text.find('\n')), 400));
  }
}

}  // namespace gan::core

#endif  // GAN_TRAINING_TORCH_ERRORS_H_
