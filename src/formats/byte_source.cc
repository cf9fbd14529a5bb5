#include "formats/byte_source.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace gan::core {

void ByteSource::CheckRange(uint64_t offset, uint64_t bytes) const {
  if (offset > size_ || bytes > size_ - offset) {
    Fail(ErrorCode::kBadData, name_, "wants {} bytes at byte {}, the file has {}; cut short?",
         bytes, offset, size_);
  }
}

void ByteSource::ReadAt(uint64_t offset, std::span<std::byte> out) const {
  CheckRange(offset, out.size());
  if (!out.empty()) ReadInside(offset, out);
}

std::vector<std::byte> ByteSource::ReadAt(uint64_t offset, uint64_t bytes) const {
  CheckRange(offset, bytes);
  std::vector<std::byte> out(bytes);
  if (!out.empty()) ReadInside(offset, out);
  return out;
}

FileSource::FileSource(const std::filesystem::path& path, uint64_t max_bytes)
    : FileSource(InputFile(path), max_bytes) {}

FileSource::FileSource(InputFile file, uint64_t max_bytes)
    : ByteSource(file.name(), file.size()), file_(std::move(file)) {
  if (size() > max_bytes) {
    Fail(ErrorCode::kBadData, name(), "has {} bytes, at most {} are read", size(), max_bytes);
  }
}

void FileSource::ReadInside(uint64_t offset, std::span<std::byte> out) const {
  file_.ReadAt(offset, out);
}

void MemorySource::ReadInside(uint64_t offset, std::span<std::byte> out) const {
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
}

}  // namespace gan::core
