#include "data/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace gan::core {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const std::string name = Printable(path.native(), 500);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    Fail(ErrorCode::kNoInput, name, "cannot be opened: {}", std::strerror(errno));
  }
  struct stat info {};
  if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size <= 0) {
    close(descriptor);
    Fail(ErrorCode::kBadData, name, "is empty or no regular file");
  }
  const auto size = static_cast<size_t>(info.st_size);
  void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const int error = errno;
  close(descriptor);  // the mapping keeps the file
  if (data == MAP_FAILED) {
    Fail(ErrorCode::kIo, name, "cannot be mapped: {}", std::strerror(error));
  }
  bytes_ = {static_cast<const std::byte*>(data), size};
}

MappedFile::~MappedFile() { munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size()); }

}  // namespace gan::core
