#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPart = ".part";  // marks a temporary file

std::string Reason(int error) { return std::strerror(error); }

// Names of open temporary files, readable from a signal handler: a slot is taken with an atomic
// flag and its text never moves.
struct Slot {
  std::atomic<int> state{0};  // 0 free, 1 being written, 2 in use
  std::array<char, 4096> path{};
};
std::array<Slot, 64> slots;

void Register(const fs::path& path) {
  const std::string& text = path.native();
  for (Slot& slot : slots) {
    int expected = 0;
    if (text.size() < slot.path.size() && slot.state.compare_exchange_strong(expected, 1)) {
      std::memcpy(slot.path.data(), text.c_str(), text.size() + 1);
      slot.state.store(2);
      return;
    }
  }
}

void Unregister(const fs::path& path) {
  for (Slot& slot : slots) {
    if (slot.state.load() == 2 && path.native() == slot.path.data()) {
      slot.state.store(0);
      return;
    }
  }
}

}  // namespace

InputFile::InputFile(const fs::path& path) : path_(path) {
  // O_NONBLOCK: opening a pipe must not wait for its other end.
  descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) Fail(ErrorCode::kNoInput, name(), "cannot be opened: {}", Reason(errno));
  struct stat info {};
  if (fstat(descriptor_, &info) != 0 || !S_ISREG(info.st_mode)) {
    const bool folder = S_ISDIR(info.st_mode);
    close(descriptor_);
    Fail(ErrorCode::kBadData, name(), "is {}, not a regular file",
         folder ? "a folder" : "a device or pipe");
  }
  size_ = static_cast<uint64_t>(info.st_size);
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

std::string InputFile::name() const { return Printable(path_.native(), 500); }

void InputFile::ReadAt(uint64_t offset, std::span<std::byte> out) const {
  size_t done = 0;
  while (done < out.size()) {
    const ssize_t got =
        pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) Fail(ErrorCode::kIo, name(), "cannot be read: {}", Reason(errno));
    if (got == 0) {
      Fail(offset + out.size() <= size_ ? ErrorCode::kIo : ErrorCode::kBadData, name(),
           "ends at byte {}, {} more were expected; it is truncated or shrank while it was read",
           offset + done, out.size() - done);
    }
    done += static_cast<size_t>(got);
  }
}

std::vector<std::byte> InputFile::ReadAt(uint64_t offset, size_t bytes) const {
  if (offset > size_ || bytes > size_ - offset) {
    Fail(ErrorCode::kBadData, name(), "has {} bytes, {} at byte {} were expected; truncated?",
         size_, bytes, offset);
  }
  std::vector<std::byte> out(bytes);
  ReadAt(offset, std::span(out));
  return out;
}

AtomicFile::AtomicFile(const fs::path& target) : target_(target) {
  struct stat info {};
  if (stat(target.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    if (S_ISDIR(info.st_mode)) {
      Fail(ErrorCode::kCannotCreate, Printable(target.native(), 500), "is a folder");
    }
    direct_ = true;
    temporary_ = target;
    descriptor_ = open(target.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    static std::atomic<unsigned> counter{0};
    temporary_ = target.parent_path() /
                 fmt::format(".{}.{}-{}{}{}", target.stem().native().substr(0, 100), getpid(),
                             counter.fetch_add(1), kPart, target.extension().native());
    descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  }
  if (descriptor_ < 0) {
    Fail(ErrorCode::kCannotCreate, Printable(target.native(), 500), "cannot be created: {}",
         Reason(errno));
  }
  if (!direct_) Register(temporary_);
}

AtomicFile::~AtomicFile() { Remove(); }

void AtomicFile::Remove() noexcept {
  if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
  if (direct_ || committed_ || temporary_.empty()) return;
  unlink(temporary_.c_str());
  Unregister(temporary_);
  temporary_.clear();
}

void AtomicFile::Write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(descriptor_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      Fail(ErrorCode::kIo, Printable(target_.native(), 500), "cannot be written: {}",
           Reason(errno));
    }
    bytes = bytes.subspan(static_cast<size_t>(put));
  }
}

void AtomicFile::Commit() {
  const auto fail = [this](int error) {
    Remove();
    Fail(ErrorCode::kIo, Printable(target_.native(), 500), "cannot be written: {}", Reason(error));
  };
  // A pipe or device cannot be synced; that is no error.
  if (fsync(descriptor_) != 0 && !direct_) fail(errno);
  if (close(std::exchange(descriptor_, -1)) != 0) fail(errno);
  if (direct_) {
    committed_ = true;
    return;
  }
  if (rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  committed_ = true;
  Unregister(temporary_);
  SyncFolder(target_.parent_path());
}

void SyncFolder(const fs::path& folder) {
  const fs::path path = folder.empty() ? fs::path(".") : folder;
  const int handle = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // The file is in place; some file systems cannot sync a folder, and that loses nothing now.
  if (handle < 0) return;
  const bool failed = fsync(handle) != 0 && errno != EINVAL && errno != ENOTSUP;
  const int error = errno;
  close(handle);
  if (failed) {
    Fail(ErrorCode::kIo, Printable(path.native(), 500), "cannot be synced: {}", Reason(error));
  }
}

int RemoveLeftovers(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().native();
    if (name.starts_with('.') && name.find(kPart) != std::string::npos)
      found.push_back(entry.path());
  }
  int removed = 0;
  for (const fs::path& path : found) removed += fs::remove(path, error) ? 1 : 0;
  return removed;
}

void RemoveTemporaryFiles() noexcept {
  for (Slot& slot : slots) {
    if (slot.state.load() == 2) unlink(slot.path.data());
  }
}

}  // namespace gan::core
