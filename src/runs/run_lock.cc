#include "runs/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

// The text of the holder; it may not have written it yet.
std::string Holder(int descriptor) {
  std::array<char, 200> text{};
  const ssize_t got = pread(descriptor, text.data(), text.size(), 0);
  std::string out(text.data(), got > 0 ? static_cast<size_t>(got) : 0);
  out = out.substr(0, out.find('\n'));
  return out.empty() ? "another process" : Printable(out);
}

std::string OwnText() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  return fmt::format("process {} on {}\n", getpid(), host.data());
}

}  // namespace

RunLock::RunLock(const std::filesystem::path& file, const std::filesystem::path& run)
    : descriptor_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  const std::string where = Printable(run.native(), 500);
  if (descriptor_ < 0) {
    Fail(ErrorCode::kCannotCreate, where, "cannot be locked: {}", std::strerror(errno));
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string holder = Holder(descriptor_);
    close(descriptor_);
    if (error != EWOULDBLOCK) {
      Fail(ErrorCode::kCannotCreate, where, "cannot be locked: {}", std::strerror(error));
    }
    Fail(ErrorCode::kBusy, where, "is being trained by {}: wait for it, or stop it", holder);
  }
  // Who holds it is for people; the lock holds without.
  const std::string text = OwnText();
  if (ftruncate(descriptor_, 0) == 0) {
    [[maybe_unused]] const ssize_t put = pwrite(descriptor_, text.data(), text.size(), 0);
  }
}

RunLock::~RunLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

RunLock::RunLock(RunLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

}  // namespace gan::core
