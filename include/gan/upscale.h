// Enlarging pictures: files and folders in, files out.
#ifndef GAN_UPSCALE_H_
#define GAN_UPSCALE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "gan/error.h"
#include "gan/export.h"
#include "gan/model.h"
#include "gan/progress.h"

namespace gan {

struct UpscaleOptions {
  // The size wanted; all 0: the model's own scale. `scale` excludes the others; with one of width
  // and height (pixels) the other follows the proportions. Any size works with any model: what its
  // scale does not give is made by Lanczos.
  double scale = 0;
  int64_t width = 0;
  int64_t height = 0;

  // How a picture that does not fit max_memory is cut.
  enum class Tiles {
    kAuto,   // the largest blended tiles that fit; none when the whole picture does
    kExact,  // the largest that fit, each with everything it depends on: the same bytes as kOff
    kFixed,  // blended tiles of tile_size
    kOff,    // the whole picture at once, or an error
  };
  Tiles tiles = Tiles::kAuto;
  int64_t tile_size = 0;  // input pixels, for kFixed

  enum class Alpha { kModel, kLanczos };  // what enlarges the transparency
  Alpha alpha = Alpha::kModel;

  // Reading.
  uint64_t max_pixels = 268'000'000;  // larger pictures are refused before anything is allocated
  bool lenient = false;               // takes what there is of a truncated picture

  // Writing. Metadata of the source (ICC, EXIF, XMP) is kept.
  std::string format;  // "png", "jpeg", "webp", "tiff"; "": by the output's name, else the input's
  int bits = 0;        // 8, 16; 0: as the input, 8 where the format ends there
  int quality = 92;    // JPEG and lossy WebP, 1 to 100
  bool jpeg_full_colour = false;  // colours at full resolution (4:4:4), whatever the quality
  bool lossless = false;          // WebP
  int png_compression = 4;        // 0 to 9
  std::string tiff_compression = "deflate";  // "none", "lzw", "deflate", "zstd"
  bool strip = false;                        // drop the metadata, but not the ICC profile
  bool provenance = true;  // say in XMP that a generator made this (Iptc4xmpExt:DigitalSourceType)

  // Which files.
  bool recursive = false;         // folders with all that is below them
  bool skip_existing = false;     // pictures whose output is there already
  bool overwrite_inputs = false;  // an output may replace its own input
  // Put before the extension of output names; "": "_x4" and the like beside the input, nothing in
  // a folder of outputs.
  std::string suffix;
};

// The fields by name. Static memory. Thread-safe.
GAN_API std::span<const Option<UpscaleOptions>> UpscaleOptionList();

struct UpscaleResult {
  enum class Status { kDone, kSkipped, kFailed };
  Status status = Status::kDone;
  std::string input;
  std::string output;
  int64_t width = 0;  // pixels written, when done
  int64_t height = 0;
  double seconds = 0;
  ErrorCode code = ErrorCode::kInternal;  // when failed
  std::string message;                    // when failed: one line
};

// Whom to tell; each may be left out. Called one at a time; `progress` perhaps from another thread
// than the one that called Upscale().
struct UpscaleEvents {
  struct File {
    size_t index = 0;  // of this file, from 0
    size_t count = 0;  // of all files
    std::string input;
    std::string output;
  };
  std::function<void(const File&)> started;
  std::function<void(const File&, double finished)> progress;  // 0 to 1 of this file
  std::function<void(const File&, const UpscaleResult&)> finished;
  const CancelFlag* cancel = nullptr;
};

// Enlarges `inputs` (files, folders, patterns with * ? [ ]). `output` is a file (for one picture),
// a folder (into which the inputs' folders are mirrored), or "" for beside each input. A picture
// that fails does not stop the others: each file's result is in what is returned, in order.
//
// Error kUsage: options that exclude each other, two inputs with one output, an output that is its
// own input; kNoInput: nothing to do. kInterrupted: cancelled; files already done stay.
// Thread safety: one call at a time on one model.
GAN_API std::vector<UpscaleResult> Upscale(const Model& model,
                                           const std::vector<std::string>& inputs,
                                           const std::string& output,
                                           const UpscaleOptions& options = {},
                                           const UpscaleEvents& events = {});

// The same for networks that make another picture of the same size: CycleGAN, pix2pix, AnimeGAN.
// Outputs beside their inputs end in "_translated"; transparency is kept as it is; colours are
// those that the network takes and makes, whatever the picture's. A network that looks at the whole
// picture (instance norm) is never given tiles: Error kUsage where they were asked for.
GAN_API std::vector<UpscaleResult> Translate(const Model& model,
                                             const std::vector<std::string>& inputs,
                                             const std::string& output,
                                             const UpscaleOptions& options = {},
                                             const UpscaleEvents& events = {});

// As one JSON object. Thread-safe.
GAN_API std::string ToJson(const UpscaleResult& result);

}  // namespace gan

#endif  // GAN_UPSCALE_H_
