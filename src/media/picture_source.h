// A picture file as libvips reads it: bytes through InputFile, so that a missing or shrinking file
// is our error and not a signal, or from memory; and the kind of file told by its content.
#ifndef GAN_MEDIA_PICTURE_SOURCE_H_
#define GAN_MEDIA_PICTURE_SOURCE_H_

#include <cstddef>
#include <exception>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "base/file.h"
#include "media/picture.h"
#include "media/vips_library.h"

namespace gan::core {

// Stays where it is made: libvips keeps its address.
//
// Thread safety: libvips reads one source from one thread at a time.
class PictureSource {
 public:
  // Error kNoInput, kBadData: as InputFile, and kBadData for other content than the four formats.
  explicit PictureSource(const std::filesystem::path& path);
  // A file's bytes, which must outlive this, under a name for messages.
  PictureSource(std::string name, std::span<const std::byte> bytes);
  PictureSource(const PictureSource&) = delete;
  PictureSource& operator=(const PictureSource&) = delete;

  PictureFormat format() const { return format_; }
  const std::string& name() const { return name_; }

  // The picture, its header read, nothing decoded. Error kBadData. The image must not outlive this.
  ImagePtr Load(VipsAccess access, bool lenient);

  // Throws what libvips failed for: the reading of the file, a temporary file (kIo), or else the
  // file's content (kBadData).
  [[noreturn]] void FailForVips(std::string_view wanted);

 private:
  static gint64 Read(VipsSourceCustom*, void* buffer, gint64 length, PictureSource* self);
  static gint64 Seek(VipsSourceCustom*, gint64 offset, int whence, PictureSource* self);

  uint64_t size() const { return file_ ? file_->size() : bytes_.size(); }
  void ReadAt(uint64_t offset, std::span<std::byte> out) const;
  PictureFormat Recognise() const;

  std::optional<InputFile> file_;
  std::span<const std::byte> bytes_;  // when there is no file
  std::string name_;
  PictureFormat format_;
  uint64_t position_ = 0;
  std::exception_ptr read_error_;  // exceptions cannot pass through libvips
};

}  // namespace gan::core

#endif  // GAN_MEDIA_PICTURE_SOURCE_H_
