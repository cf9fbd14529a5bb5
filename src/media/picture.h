// Pictures in and out: PNG, JPEG, WebP and TIFF as rows of floats, with their metadata.
//
// Rows stream from top to bottom, so memory does not grow with the picture, with these exceptions
// that the file formats force on every reader and writer: an interlaced PNG, a progressive JPEG and
// a WebP are decoded whole (see PictureReadOptions::max_whole_bytes), a WebP is encoded whole (some
// 9 bytes a pixel), and a picture that EXIF turns by 90 or 180 degrees is decoded to memory (up to
// 100 MB) or to a temporary file (above that; in TMPDIR).
//
// Colour: pixels stay in the colour space of their file and its ICC profile goes with them. CMYK
// becomes sRGB by its own profile (a generic one where it has none), and the profile is replaced by
// sRGB's; Lab becomes sRGB without a profile. Palettes and 1-bit samples are expanded.
#ifndef GAN_MEDIA_PICTURE_H_
#define GAN_MEDIA_PICTURE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/progress.h"
#include "base/thread_pool.h"
#include "media/samples.h"
#include "tensor/tensor.h"

namespace gan::core {

enum class PictureFormat : uint8_t { kPng, kJpeg, kWebp, kTiff };

std::string_view NameOf(PictureFormat format);  // "png", "jpeg", "webp", "tiff"

// By the extension, in any case. Error kUsage for an unknown one, naming those that are known.
PictureFormat FormatFromExtension(const std::filesystem::path& path);

struct PictureInfo {
  int64_t width = 0;  // pixels, after the EXIF orientation is applied
  int64_t height = 0;
  int colours = 3;         // 1 grey, 3 RGB
  bool has_alpha = false;  // one more channel, the last; not premultiplied
  int bits = 8;            // per sample: 8, or 16 for anything deeper (32-bit and float TIFF too)
  PictureFormat format = PictureFormat::kPng;
  int orientation = 1;  // EXIF orientation of the file, 1 to 8; already applied
  bool has_icc = false;
  bool has_exif = false;
  bool has_xmp = false;

  int channels() const { return colours + (has_alpha ? 1 : 0); }
};

struct PictureReadOptions {
  uint64_t max_pixels = 268'000'000;
  // For pictures that can only be decoded whole.
  uint64_t max_whole_bytes = uint64_t{1} << 30;
  // Reads what there is of a broken or truncated picture; the rest is black or grey.
  bool lenient = false;
};

// Reads the header when made, pixels as rows are asked for. Of a file with several pages or frames,
// the first.
//
// Thread safety: one call at a time, from any thread.
class PictureReader {
 public:
  // Content decides the format, not the extension. Error kNoInput: not there, not readable.
  // Error kBadData: another kind of file, a broken header, or above a limit; nothing is allocated
  // for pixels by then.
  explicit PictureReader(const std::filesystem::path& path, const PictureReadOptions& options = {});
  // A file's bytes (of an archive, say), which must outlive this. `name` is for messages,
  // printable.
  PictureReader(std::string name, std::span<const std::byte> bytes,
                const PictureReadOptions& options = {});
  ~PictureReader();
  PictureReader(PictureReader&&) noexcept;
  PictureReader& operator=(PictureReader&&) noexcept;

  const PictureInfo& info() const;
  int64_t next_row() const;  // of the next ReadRows; info().height at the end

  // The next `count` rows. Requires next_row() + count <= height.
  //
  //   out  [channels, count, width]  f32, in [0, 1] (float TIFF is clamped to that; NaN becomes 0)
  //
  // Error kBadData: the file is truncated or broken, unless lenient. Error kIo: it cannot be read.
  void ReadRows(int64_t count, const TensorView& out);

  struct State;  // for this folder
  const State& state() const { return *state_; }

 private:
  void Begin(const PictureReadOptions& options);

  std::unique_ptr<State> state_;
};

// Fills `out`, contiguous f32 [channels, count, width], with rows [first_row, first_row + count).
// Called in order, every row once, by one thread at a time, though not always the same and not the
// caller's. Values outside [0, 1] are clamped. May throw.
using RowProducer = std::function<void(int64_t first_row, int64_t count, const TensorView& out)>;

// Fills `pixels` with the same rows as the file holds them, `stride` bytes from one to the next.
// Called as RowProducer.
using PixelProducer =
    std::function<void(int64_t first_row, int64_t count, void* pixels, int64_t stride)>;

enum class ChromaSubsampling : uint8_t { kAuto, kOff, kOn };  // auto: on below quality 90
enum class TiffCompression : uint8_t { kNone, kLzw, kDeflate, kZstd };

// What the XMP property Iptc4xmpExt:DigitalSourceType says of the picture.
enum class Provenance : uint8_t {
  kNone,      // nothing is added; what the source says stays
  kEnlarged,  // compositeWithTrainedAlgorithmicMedia
  kSampled,   // trainedAlgorithmicMedia
};

struct PictureWriteOptions {
  std::optional<PictureFormat> format;  // otherwise by the target's extension
  int bits = 0;      // 8 or 16; 0: as the picture has, 8 where the format ends there
  int quality = 92;  // 1 to 100: JPEG and lossy WebP
  ChromaSubsampling jpeg_subsampling = ChromaSubsampling::kAuto;
  bool webp_lossless = false;
  int png_compression = 4;  // 0 to 9; 6 takes 2.6 times as long for files 6 % smaller
  TiffCompression tiff_compression = TiffCompression::kDeflate;
  // The size written, by Lanczos-3 from the size produced; with one of the two given, the other
  // follows the picture's proportions.
  std::optional<int64_t> width;
  std::optional<int64_t> height;
  // What transparent pixels are laid on where the format has no alpha (JPEG).
  std::array<float, 3> background = {1, 1, 1};
  Provenance provenance = Provenance::kNone;
  bool strip_metadata = false;  // all but the ICC profile, without which colours would change
  ProgressFn progress;
  const CancelFlag* cancel = nullptr;
  ThreadPool* pool = nullptr;  // converts samples; one thread alone where null
};

// Writes the picture that `rows` produces. The file appears whole or not at all.
//
//   produced  width, height, colours, has_alpha, bits: what `rows` gives; the rest is not read
//   source    whose metadata to keep (its EXIF orientation becomes 1); may be null
//
// EXIF cannot be kept in TIFF (libvips does not write it there). An ICC profile of another number
// of colours than the picture's is left out.
//
// Error kUsage: unknown extension, an option out of range or that the format lacks, or a size that
// the format cannot hold (JPEG 65,500, WebP 16,383 pixels a side); thrown before any row is asked
// for. Error kInternal: a sample is NaN or infinite. kCannotCreate, kIo: as AtomicFile. Whatever
// `rows`, `progress` or `cancel` throw comes out as it is.
void WritePicture(const std::filesystem::path& path, const PictureInfo& produced,
                  const RowProducer& rows, const PictureReader* source,
                  const PictureWriteOptions& options);

// The pixels that WritePicture stores where it takes rows at their size, and nothing where it
// resamples them. Error kUsage: as WritePicture.
std::optional<PixelFormat> PixelFormatFor(const std::filesystem::path& path,
                                          const PictureInfo& produced,
                                          const PictureWriteOptions& options);

// As WritePicture, of rows that are packed already: PixelFormatFor() says how. Requires it to say.
void WritePixels(const std::filesystem::path& path, const PictureInfo& produced,
                 const PixelProducer& rows, const PictureReader* source,
                 const PictureWriteOptions& options);

// Throws what WritePicture would throw of kind kUsage, so that it can be known before a long job.
void CheckPictureOptions(const std::filesystem::path& path, const PictureInfo& produced,
                         const PictureWriteOptions& options);

// Whole pictures, [channels, height, width] f32.
Tensor ReadPicture(const std::filesystem::path& path, const PictureReadOptions& options = {});
// One or two channels are grey, three or four RGB; the even ones have alpha. 8 bits unless asked.
void WritePicture(const std::filesystem::path& path, const Tensor& picture,
                  const PictureWriteOptions& options = {});

}  // namespace gan::core

#endif  // GAN_MEDIA_PICTURE_H_
