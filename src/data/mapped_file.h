// A file of our own, mapped for reading.
#ifndef GAN_DATA_MAPPED_FILE_H_
#define GAN_DATA_MAPPED_FILE_H_

#include <cstddef>
#include <filesystem>
#include <span>

namespace gan::core {

// Only for files that this program wrote and replaces by renaming: a mapped file that somebody cuts
// short while it is used ends the process with SIGBUS. Input from outside goes through InputFile.
//
// Thread safety: everything is const.
class MappedFile {
 public:
  // Error kNoInput: not there, not readable; kBadData: empty or no regular file; kIo: no mapping.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace gan::core

#endif  // GAN_DATA_MAPPED_FILE_H_
