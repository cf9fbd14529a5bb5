// Bytes from outside with a name for messages: a file, or memory (a file inside a file, a fuzzer).
#ifndef GAN_FORMATS_BYTE_SOURCE_H_
#define GAN_FORMATS_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"

namespace gan::core {

// Thread safety: everything is const.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  const std::string& name() const { return name_; }  // printable
  uint64_t size() const { return size_; }            // bytes

  // Fills `out` from byte `offset`. Error kBadData when the source is shorter, kIo when a file
  // shrank since it was opened.
  void ReadAt(uint64_t offset, std::span<std::byte> out) const;
  // Checks that the bytes exist before it allocates.
  std::vector<std::byte> ReadAt(uint64_t offset, uint64_t bytes) const;

 protected:
  ByteSource(std::string name, uint64_t size) : name_(std::move(name)), size_(size) {}

 private:
  virtual void ReadInside(uint64_t offset, std::span<std::byte> out) const = 0;
  void CheckRange(uint64_t offset, uint64_t bytes) const;

  std::string name_;
  uint64_t size_;
};

class FileSource final : public ByteSource {
 public:
  // Error kNoInput as of InputFile; kBadData when the file has more than `max_bytes`.
  FileSource(const std::filesystem::path& path, uint64_t max_bytes);

 private:
  FileSource(InputFile file, uint64_t max_bytes);
  void ReadInside(uint64_t offset, std::span<std::byte> out) const override;

  InputFile file_;
};

// Looks at `bytes`, which must outlive it.
class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string name, std::span<const std::byte> bytes)
      : ByteSource(std::move(name), bytes.size()), bytes_(bytes) {}

 private:
  void ReadInside(uint64_t offset, std::span<std::byte> out) const override;

  std::span<const std::byte> bytes_;
};

}  // namespace gan::core

#endif  // GAN_FORMATS_BYTE_SOURCE_H_
