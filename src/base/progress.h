// How long work reports back, and how it is told to stop.
#ifndef GAN_BASE_PROGRESS_H_
#define GAN_BASE_PROGRESS_H_

#include <atomic>
#include <functional>

namespace gan::core {

// Receives the finished share of a job, 0 to 1, never falling. Called from the thread that runs
// the job, often; the receiver decides how often to show it.
using ProgressFn = std::function<void(double finished)>;

// A request to stop, set from a signal handler or another thread, read between pieces of work.
class CancelFlag {
 public:
  void Cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_relaxed); }
  // Error kInterrupted when set.
  void ThrowIfCancelled() const;

 private:
  std::atomic<bool> cancelled_{false};
};

}  // namespace gan::core

#endif  // GAN_BASE_PROGRESS_H_
