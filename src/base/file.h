// Reading files that may be hostile, and writing files that appear whole or not at all.
#ifndef GAN_BASE_FILE_H_
#define GAN_BASE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace gan::core {

// A regular file open for reading at any place. Nothing is mapped, so a file that shrinks while it
// is read is an error (kIo), not a signal.
//
// Thread safety: ReadAt may be called from several threads.
class InputFile {
 public:
  // Error kNoInput: not there, not readable. Error kBadData: a folder, device or pipe.
  explicit InputFile(const std::filesystem::path& path);
  ~InputFile();
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string name() const;                // the path, printable
  uint64_t size() const { return size_; }  // bytes, when opened

  // Fills `out` from byte `offset`. Error kIo when the file ends before that.
  void ReadAt(uint64_t offset, std::span<std::byte> out) const;
  std::vector<std::byte> ReadAt(uint64_t offset, size_t bytes) const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  uint64_t size_ = 0;
};

// Writes beside the target and puts it in place when everything is on disk: written, synced,
// renamed, folder synced. Without Commit() nothing stays. What stood there before is whole until
// then. A target that is no regular file (a pipe, /dev/full) is written directly.
class AtomicFile {
 public:
  // Error kCannotCreate: no such folder, no permission.
  explicit AtomicFile(const std::filesystem::path& target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Where to write: for libraries that open by name. The name keeps the target's extension.
  const std::filesystem::path& temporary() const { return temporary_; }

  void Write(std::span<const std::byte> bytes);  // Error kIo
  void Write(std::string_view text) { Write(std::as_bytes(std::span(text))); }

  // Error kIo; the temporary file is removed then.
  void Commit();

 private:
  void Remove() noexcept;

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
  bool direct_ = false;
  bool committed_ = false;
};

// Makes the names in a folder last: after a file was made, renamed or removed in it. Error kIo.
void SyncFolder(const std::filesystem::path& folder);

// Removes what AtomicFiles of processes that were killed have left in a folder. Only for who knows
// that no other process writes there. Returns how many.
int RemoveLeftovers(const std::filesystem::path& folder);

// Removes the temporary files of every AtomicFile still open. Async-signal-safe, for the handler
// of a second Ctrl-C that leaves at once.
void RemoveTemporaryFiles() noexcept;

}  // namespace gan::core

#endif  // GAN_BASE_FILE_H_
