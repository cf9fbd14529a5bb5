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
  PixelFormat pixels;

  bool Resamples(const PictureInfo& produced) const {
    return width != produced.width || height != produced.height;
  }
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
  plan.pixels = {.colours = produced.colours,
                 .has_alpha = produced.has_alpha,
                 .flatten = produced.has_alpha && plan.format == PictureFormat::kJpeg,
                 .background = options.background,
                 .bits = options.bits != 0           ? options.bits
                         : deep && produced.bits > 8 ? 16
                                                     : 8};
  return plan;
}

// Rows of floats as the pixels of a file: checked, resampled and packed.
class PackedRows {
 public:
  PackedRows(const Plan& plan, const PictureInfo& produced, const RowProducer& rows,
             const PictureWriteOptions& options)
      : plan_(plan), produced_(produced), rows_(rows), pool_(options.pool) {
    written_rows_ = [this](int64_t first, int64_t count, const TensorView& out) {
      ProduceChecked(first, count, out);
    };
    if (plan.Resamples(produced)) {
      written_rows_ = ResampledRows(produced, written_rows_, plan.width, plan.height);
    }
  }
  PackedRows(const PackedRows&) = delete;
  PackedRows& operator=(const PackedRows&) = delete;

  void Produce(int64_t first, int64_t count, void* pixels, int64_t stride) {
    const Shape shape{produced_.channels(), count, plan_.width};
    if (strip_.shape() != shape) strip_ = Tensor(DType::kF32, shape);
    written_rows_(first, count, strip_.view());
    ShareOut(pool_, count, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        PackPixels(plan_.pixels, strip_.floats().data() + row * plan_.width, count * plan_.width,
                   plan_.width, static_cast<std::byte*>(pixels) + row * stride);
      }
    });
  }

 private:
  void ProduceChecked(int64_t first, int64_t count, const TensorView& out) {
    rows_(first, count, out);
    const std::span made(Floats(out), static_cast<size_t>(out.shape.elements()));
    if (AllFinite(made, pool_)) return;
    Fail(ErrorCode::kInternal, plan_.name,
         "would have samples that are NaN or infinite in rows {} to {}; nothing is written", first,
         first + count - 1);
  }

  const Plan& plan_;
  const PictureInfo& produced_;
  const RowProducer& rows_;
  ThreadPool* pool_;
  RowProducer written_rows_;
  Tensor strip_;  // [channels, rows, width]
};

// The pull side of a picture being written: libvips asks for its rows, in order, from a thread of
// its own.
class RowFeed {
 public:
  RowFeed(const Plan& plan, const PixelProducer& rows, const PictureWriteOptions& options)
      : plan_(plan), rows_(rows), options_(options) {}
  RowFeed(const RowFeed&) = delete;
  RowFeed& operator=(const RowFeed&) = delete;

  // The image to save, its pixels made as they are asked for. Must not outlive this.
  ImagePtr MakeImage() {
    ImagePtr source(vips_image_new());
    const bool wide = plan_.pixels.bits == 16;
    vips_image_init_fields(
        source.get(), static_cast<int>(plan_.width), static_cast<int>(plan_.height),
        plan_.pixels.samples(), wide ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR, VIPS_CODING_NONE,
        plan_.pixels.colours == 1 ? (wide ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W)
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
    if (options_.cancel) options_.cancel->ThrowIfCancelled();
    rows_(next_row_, wanted.height, VIPS_REGION_ADDR(region, 0, wanted.top),
          static_cast<int64_t>(VIPS_REGION_LSKIP(region)));
    next_row_ += wanted.height;
    if (options_.progress) {
      options_.progress(static_cast<double>(next_row_) / static_cast<double>(plan_.height));
    }
  }

  const Plan& plan_;
  const PixelProducer& rows_;
  const PictureWriteOptions& options_;
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

void WritePlanned(const std::filesystem::path& path, const Plan& plan, const PixelProducer& rows,
                  const PictureReader* source, const PictureWriteOptions& options) {
  StartVips();
  vips_error_clear();
  AtomicFile file(path);
  RowFeed feed(plan, rows, options);
  const ImagePtr image = feed.MakeImage();
  AttachMetadata(source, plan.format, options, image.get());
  const int failed = Save(plan, options, file.temporary().c_str(), image.get());
  feed.RethrowError();
  if (failed) Fail(ErrorCode::kIo, plan.name, "cannot be written: {}", TakeVipsError());
  GAN_ASSERT(feed.complete());
  file.Commit();
}

}  // namespace

void CheckPictureOptions(const std::filesystem::path& path, const PictureInfo& produced,
                         const PictureWriteOptions& options) {
  MakePlan(path, produced, options);
}

std::optional<PixelFormat> PixelFormatFor(const std::filesystem::path& path,
                                          const PictureInfo& produced,
                                          const PictureWriteOptions& options) {
  const Plan plan = MakePlan(path, produced, options);
  return plan.Resamples(produced) ? std::nullopt : std::optional(plan.pixels);
}

void WritePixels(const std::filesystem::path& path, const PictureInfo& produced,
                 const PixelProducer& rows, const PictureReader* source,
                 const PictureWriteOptions& options) {
  const Plan plan = MakePlan(path, produced, options);
  GAN_ASSERT(!plan.Resamples(produced));
  WritePlanned(path, plan, rows, source, options);
}

void WritePicture(const std::filesystem::path& path, const PictureInfo& produced,
                  const RowProducer& rows, const PictureReader* source,
                  const PictureWriteOptions& options) {
  const Plan plan = MakePlan(path, produced, options);
  PackedRows packed(plan, produced, rows, options);
  WritePlanned(
      path, plan,
      [&](int64_t first, int64_t count, void* pixels, int64_t stride) {
        packed.Produce(first, count, pixels, stride);
      },
      source, options);
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
