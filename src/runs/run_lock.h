// Only one trainer writes to a run.
#ifndef GAN_RUNS_RUN_LOCK_H_
#define GAN_RUNS_RUN_LOCK_H_

#include <filesystem>

namespace gan::core {

// A lock (flock) on a file that says who holds it. The system lets go of it when the process ends,
// however it ends; the file stays.
class RunLock {
 public:
  // Error kBusy when another process (or another lock of this one) holds it, naming that process
  // and `run`; kCannotCreate.
  RunLock(const std::filesystem::path& file, const std::filesystem::path& run);
  ~RunLock();
  RunLock(RunLock&& other) noexcept;
  RunLock& operator=(RunLock&&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace gan::core

#endif  // GAN_RUNS_RUN_LOCK_H_
