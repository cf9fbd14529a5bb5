// How long work reports back, and how it is told to stop.
#ifndef GAN_PROGRESS_H_
#define GAN_PROGRESS_H_

#include <functional>
#include <memory>

#include "gan/export.h"

namespace gan {

// Receives the finished share of a job, 0 to 1, never falling. Called from the thread that runs
// the job, possibly often. May throw: the job then ends with what was thrown.
using ProgressFn = std::function<void(double finished)>;

// A request to stop. Work that is given one ends soon after with Error kInterrupted, and nothing
// half-written stays. Cannot be taken back.
class GAN_API CancelFlag {
 public:
  CancelFlag();
  ~CancelFlag();
  CancelFlag(const CancelFlag&) = delete;
  CancelFlag& operator=(const CancelFlag&) = delete;

  void Cancel() noexcept;  // thread-safe, and allowed in a signal handler
  bool cancelled() const noexcept;

  struct State;  // for the library
  const State& state() const { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

// Removes the temporary files of everything that is being written now. For the handler of a signal
// after which the process leaves at once with _exit(); async-signal-safe.
GAN_API void RemoveTemporaryFiles() noexcept;

}  // namespace gan

#endif  // GAN_PROGRESS_H_
