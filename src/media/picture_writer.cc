#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "media/lanczos.h"
#include "media/picture.h"
#include "media/picture_metadata.h"
#include "media/samples.h"
#include "media/vips_library.h"

namespace gan::core {
namespace {

// Everything about the file to write, once defaults are filled in.
struct Plan {
  std::string name;  // of the target, printable
  PictureFormat format;
  int64_t width;
  int64_t height;
  int bits;
  bool flatten;  // alpha is laid on the background
};

int64_t LargestSide(PictureFormat format) {
  switch (format) {
    case PictureFormat::kJpeg: return 65500;
    case PictureFormat::kWebp: return 16383;
    case PictureFormat::kPng:
    case PictureFormat::kTiff: return VIPS_MAX_COORD;
  }
  GAN_ASSERT(false);
}

void CheckRange(const Plan& plan, std::string_view what, int64_t value, int64_t low, int64_t high) {
  if (value < low || value > high) {
    Fail(ErrorCode::kUsage, plan.name, "wants a {} of {} to {}, got {}", what, low, high, value);
  }
}

// The length of the side that was not asked for.
int64_t Proportional(int64_t asked, int64_t side, int64_t other_side) {
  const double length = static_cast<double>(asked) * static_cast<double>(other_side) /
                        static_cast<double>(std::max<int64_t>(side, 1));
  return std::max<int64_t>(1, std::llround(std::min(length, 1e9)));
}

void CheckSize(const Plan& plan, const PictureInfo& produced) {
  const int64_t largest = LargestSide(plan.format);
  if (plan.width < 1 || plan.height < 1 || plan.width > largest || plan.height > largest) {
    Fail(ErrorCode::kUsage, plan.name, "wants {} x {} pixels, but {} holds 1 to {} a side{}",
         plan.width, plan.height, NameOf(plan.format), largest,
         plan.format == PictureFormat::kWebp || plan.format == PictureFormat::kJpeg
             ? "; PNG and TIFF hold more"
             : "");
  }
  if (produced.width > plan.width * kMaxReduction ||
      produced.height > plan.height * kMaxReduction) {
    Fail(ErrorCode::kUsage, plan.name, "wants {} x {} pixels out of {} x {}, below 1/{} of a side",
         plan.width, plan.height, produced.width, produced.height, kMaxReduction);
  }
}

Plan MakePlan(const std::filesystem::path& path, const PictureInfo& produced,
              const PictureWriteOptions& options) {
  GAN_ASSERT(produced.width >= 1 && produced.height >= 1);
  GAN_ASSERT(produced.colours == 1 || produced.colours == 3);
  Plan plan;
  plan.name = Printable(path.native(), 500);
  plan.format = options.format ? *options.format : FormatFromExtension(path);
  plan.width = options.width    ? *options.width
               : options.height ? Proportional(*options.height, produced.height, produced.width)
                                : produced.width;
  plan.height = options.height  ? *options.height
                : options.width ? Proportional(*options.width, produced.width, produced.height)
                                : produced.height;
  CheckSize(plan, produced);
  CheckRange(plan, "quality", options.quality, 1, 100);
  CheckRange(plan, "PNG compression", options.png_compression, 0, 9);
  const bool deep = plan.format == PictureFormat::kPng || plan.format == PictureFormat::kTiff;
  if (options.bits != 0 && options.bits != 8 && !(options.bits == 16 && deep)) {
    Fail(ErrorCode::kUsage, plan.name, "wants {} bits a sample; {} holds {}", options.bits,
         NameOf(plan.format), deep ? "8 or 16" : "8");
  }
  plan.bits = options.bits != 0 ? options.bits : deep && produced.bits > 8 ? 16 : 8;
  plan.flatten = produced.has_alpha && plan.format == PictureFormat::kJpeg;
  return plan;
}

// The pull side of a picture being written: libvips asks for its rows, in order, from a thread of
// its own.
class RowFeed {
 public:
  RowFeed(const Plan& plan, const PictureInfo& produced, const RowProducer& rows,
          const PictureWriteOptions& options)
      : plan_(plan), produced_(produced), rows_(rows), options_(options) {
    written_rows_ = [this](int64_t first, int64_t count, const TensorView& out) {
      ProduceChecked(first, count, out);
    };
    if (plan.width != produced.width || plan.height != produced.height) {
      written_rows_ = ResampledRows(produced, written_rows_, plan.width, plan.height);
    }
  }
  RowFeed(const RowFeed&) = delete;
  RowFeed& operator=(const RowFeed&) = delete;

  // The image to save, its pixels made as they are asked for. Must not outlive this.
  ImagePtr MakeImage() {
    ImagePtr source(vips_image_new());
    const int bands = produced_.channels() - (plan_.flatten ? 1 : 0);
    const bool wide = plan_.bits == 16;
    vips_image_init_fields(
        source.get(), static_cast<int>(plan_.width), static_cast<int>(plan_.height), bands,
        wide ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR, VIPS_CODING_NONE,
        produced_.colours == 1 ? (wide ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W)
                               : (wide ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB),
        1, 1);
    VipsImage* ordered = nullptr;
    if (vips_image_pipelinev(source.get(), VIPS_DEMAND_STYLE_THINSTRIP, nullptr) != 0 ||
        vips_image_generate(source.get(), nullptr, &RowFeed::Generate, nullptr, this, nullptr) !=
            0 ||
        // Turns whatever order the encoder asks in into whole strips from top to bottom.
        vips_sequential(source.get(), &ordered, "tile_height", kStrip, nullptr) != 0) {
      Fail(ErrorCode::kInternal, "libvips", TakeVipsError());
    }
    return ImagePtr(ordered);
  }

  void RethrowError() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  }
  bool complete() const { return next_row_ == plan_.height; }

 private:
  static constexpr int kStrip = 16;  // rows

  static int Generate(VipsRegion* region, void*, void* self, void*, gboolean*) {
    auto* feed = static_cast<RowFeed*>(self);
    try {
      feed->Fill(region);
      return 0;
    } catch (...) {
      // Kept for the caller of WritePicture: an exception cannot pass through libvips.
      feed->error_ = std::current_exception();
      return -1;
    }
  }

  void Fill(VipsRegion* region) {
    const VipsRect& wanted = region->valid;
    GAN_ASSERT(wanted.left == 0 && wanted.width == plan_.width && wanted.top == next_row_);
    const int64_t count = wanted.height;
    const Shape shape{produced_.channels(), count, plan_.width};
    if (strip_.shape() != shape) strip_ = Tensor(DType::kF32, shape);
    written_rows_(next_row_, count, strip_.view());
    ShareOut(options_.pool, count, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        PackStripRow(row, VIPS_REGION_ADDR(region, 0, wanted.top + static_cast<int>(row)));
      }
    });
    next_row_ += count;
  }

  void PackStripRow(int64_t row, void* to) {
    const int64_t plane = strip_.shape()[1] * plan_.width;
    float* samples = strip_.floats().data() + row * plan_.width;
    if (plan_.flatten) {
      FlattenRow(samples, plane, plan_.width,
                 std::span(options_.background).first(static_cast<size_t>(produced_.colours)));
    }
    PackRow(samples, plane, plan_.width, produced_.channels() - (plan_.flatten ? 1 : 0), plan_.bits,
            to);
  }

  void ProduceChecked(int64_t first, int64_t count, const TensorView& out) {
    if (options_.cancel) options_.cancel->ThrowIfCancelled();
    rows_(first, count, out);
    const std::span made(Floats(out), static_cast<size_t>(out.shape.elements()));
    if (!AllFinite(made, options_.pool)) {
      Fail(ErrorCode::kInternal, plan_.name,
           "would have samples that are NaN or infinite in rows {} to {}; nothing is written",
           first, first + count - 1);
    }
    if (options_.progress) {
      options_.progress(static_cast<double>(first + count) / static_cast<double>(produced_.height));
    }
  }

  const Plan& plan_;
  const PictureInfo& produced_;
  const RowProducer& rows_;
  const PictureWriteOptions& options_;
  RowProducer written_rows_;
  Tensor strip_;  // [channels, rows, width]
  int64_t next_row_ = 0;
  std::exception_ptr error_;
};

int SavePng(const PictureWriteOptions& options, const char* file, VipsImage* image) {
  return vips_pngsave(image, file, "compression", options.png_compression, "filter",
                      VIPS_FOREIGN_PNG_FILTER_ALL, nullptr);
}

int SaveJpeg(const PictureWriteOptions& options, const char* file, VipsImage* image) {
  const VipsForeignSubsample subsampling =
      options.jpeg_subsampling == ChromaSubsampling::kOff  ? VIPS_FOREIGN_SUBSAMPLE_OFF
      : options.jpeg_subsampling == ChromaSubsampling::kOn ? VIPS_FOREIGN_SUBSAMPLE_ON
                                                           : VIPS_FOREIGN_SUBSAMPLE_AUTO;
  // Optimal Huffman tables make files some percent smaller, but keep the whole picture in memory.
  constexpr int64_t kOptimisedPixels = 8'000'000;
  const bool optimise = int64_t{image->Xsize} * image->Ysize <= kOptimisedPixels;
  return vips_jpegsave(image, file, "Q", options.quality, "optimize_coding",
                       static_cast<gboolean>(optimise), "subsample_mode", subsampling, nullptr);
}

int SaveWebp(const PictureWriteOptions& options, const char* file, VipsImage* image) {
  return vips_webpsave(image, file, "Q", options.quality, "lossless",
                       static_cast<gboolean>(options.webp_lossless), nullptr);
}

int SaveTiff(const PictureWriteOptions& options, const char* file, VipsImage* image) {
  constexpr VipsForeignTiffCompression kCompressions[] = {
      VIPS_FOREIGN_TIFF_COMPRESSION_NONE, VIPS_FOREIGN_TIFF_COMPRESSION_LZW,
      VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE, VIPS_FOREIGN_TIFF_COMPRESSION_ZSTD};
  // Classic TIFF ends at 4 GiB; compression may make a file a little larger, too.
  const bool big = VIPS_IMAGE_SIZEOF_IMAGE(image) > 3'900'000'000U;
  return vips_tiffsave(image, file, "compression",
                       kCompressions[static_cast<size_t>(options.tiff_compression)], "predictor",
                       VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, "bigtiff",
                       static_cast<gboolean>(big), nullptr);
}

int Save(const Plan& plan, const PictureWriteOptions& options, const char* file, VipsImage* image) {
  switch (plan.format) {
    case PictureFormat::kPng: return SavePng(options, file, image);
    case PictureFormat::kJpeg: return SaveJpeg(options, file, image);
    case PictureFormat::kWebp: return SaveWebp(options, file, image);
    case PictureFormat::kTiff: return SaveTiff(options, file, image);
  }
  GAN_ASSERT(false);
}

}  // namespace

void CheckPictureOptions(const std::filesystem::path& path, const PictureInfo& produced,
                         const PictureWriteOptions& options) {
  MakePlan(path, produced, options);
}

void WritePicture(const std::filesystem::path& path, const PictureInfo& produced,
                  const RowProducer& rows, const PictureReader* source,
                  const PictureWriteOptions& options) {
  const Plan plan = MakePlan(path, produced, options);
  StartVips();
  vips_error_clear();
  AtomicFile file(path);
  RowFeed feed(plan, produced, rows, options);
  const ImagePtr image = feed.MakeImage();
  AttachMetadata(source, plan.format, options, image.get());
  const int failed = Save(plan, options, file.temporary().c_str(), image.get());
  feed.RethrowError();
  if (failed) Fail(ErrorCode::kIo, plan.name, "cannot be written: {}", TakeVipsError());
  GAN_ASSERT(feed.complete());
  file.Commit();
}

void WritePicture(const std::filesystem::path& path, const Tensor& picture,
                  const PictureWriteOptions& options) {
  GAN_ASSERT(picture.shape().rank() == 3 && picture.dtype() == DType::kF32);
  PictureInfo info;
  const int64_t channels = picture.shape()[0];
  GAN_ASSERT(channels >= 1 && channels <= 4);
  info.colours = channels < 3 ? 1 : 3;
  info.has_alpha = channels % 2 == 0;
  info.height = picture.shape()[1];
  info.width = picture.shape()[2];
  info.bits = options.bits != 0 ? options.bits : 8;
  const auto rows = [&](int64_t first, int64_t count, const TensorView& out) {
    CopyElements(picture.view().Slice(1, first, count), out);
  };
  WritePicture(path, info, rows, nullptr, options);
}

}  // namespace gan::core
