#include <algorithm>
#include <utility>

#include "base/checked.h"
#include "base/error.h"
#include "media/picture_state.h"

namespace gan::core {
namespace {

bool Has(const VipsImage* image, const char* field) {
  return vips_image_get_typeof(image, field) != 0;
}

int64_t DecodedBytes(const VipsImage* image) {
  const int64_t samples[] = {image->Xsize, image->Ysize, image->Bands,
                             static_cast<int64_t>(vips_format_sizeof(image->BandFmt))};
  return CheckedProduct(samples).value_or(INT64_MAX);
}

void CheckLimits(const PictureSource& source, const VipsImage* image,
                 const PictureReadOptions& options) {
  const auto pixels = static_cast<uint64_t>(image->Xsize) * static_cast<uint64_t>(image->Ysize);
  if (pixels > options.max_pixels) {
    Fail(ErrorCode::kBadData, source.name(), "has {} x {} pixels; at most {} are read",
         image->Xsize, image->Ysize, options.max_pixels);
  }
  const bool whole = source.format() == PictureFormat::kWebp || Has(image, "interlaced");
  // A progressive JPEG is held as 16-bit coefficients.
  const auto bytes = static_cast<uint64_t>(DecodedBytes(image)) *
                     (source.format() == PictureFormat::kJpeg ? 2 : 1);
  if (whole && bytes > options.max_whole_bytes) {
    Fail(ErrorCode::kBadData, source.name(),
         "can only be decoded whole ({}), which takes {} bytes; at most {} are allowed",
         source.format() == PictureFormat::kWebp ? "WebP" : "interlaced or progressive", bytes,
         options.max_whole_bytes);
  }
}

// Replaces the image by what an operation of libvips makes of it.
template <class Operation>
void Apply(PictureSource& source, ImagePtr& image, std::string_view failure, Operation operation) {
  VipsImage* out = nullptr;
  if (operation(image.get(), &out) != 0) source.FailForVips(failure);
  image.reset(out);
}

// Rotated pictures need their pixels in another order than the file has them. Gives the EXIF
// orientation that the file had.
int MakeUpright(PictureSource& source, ImagePtr& image, bool lenient) {
  const int orientation = vips_image_get_orientation(image.get());
  if (orientation == 1) return orientation;
  if (orientation != 2) image = source.Load(VIPS_ACCESS_RANDOM, lenient);
  Apply(source, image, "cannot be turned upright",
        [](VipsImage* in, VipsImage** out) { return vips_autorot(in, out, nullptr); });
  // A row of the turned picture is a column of the file: a band of rows costs hardly more.
  constexpr int kBand = 128;
  Apply(source, image, "cannot be turned upright", [](VipsImage* in, VipsImage** out) {
    return vips_linecache(in, out, "tile_height", kBand, "access", VIPS_ACCESS_SEQUENTIAL, nullptr);
  });
  Apply(source, image, "cannot be copied", [](VipsImage* in, VipsImage** out) {
    if (vips_copy(in, out, nullptr) != 0) return -1;
    // The thumbnail still lies as the file did, and no longer fits.
    vips_image_remove(*out, "jpeg-thumbnail-data");
    return 0;
  });
  return orientation;
}

void MakeRgb(PictureSource& source, ImagePtr& image) {
  const VipsInterpretation kind = image->Type;
  const bool deep = vips_format_sizeof(image->BandFmt) > 1;
  if (kind == VIPS_INTERPRETATION_CMYK) {
    Apply(source, image, "has CMYK colours that cannot be converted",
          [&](VipsImage* in, VipsImage** out) {
            return vips_icc_transform(in, out, "srgb", "embedded", TRUE, "input_profile", "cmyk",
                                      "depth", deep ? 16 : 8, nullptr);
          });
  } else if (kind == VIPS_INTERPRETATION_LAB || kind == VIPS_INTERPRETATION_LABS ||
             kind == VIPS_INTERPRETATION_LABQ || kind == VIPS_INTERPRETATION_XYZ) {
    Apply(source, image, "has Lab colours that cannot be converted",
          [&](VipsImage* in, VipsImage** out) {
            return vips_colourspace(
                in, out, deep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB, nullptr);
          });
    Apply(source, image, "cannot be copied", [](VipsImage* in, VipsImage** out) {
      if (vips_copy(in, out, nullptr) != 0) return -1;
      vips_image_remove(*out, VIPS_META_ICC_NAME);
      return 0;
    });
  }
}

SampleType TypeOf(const PictureSource& source, const VipsImage* image) {
  switch (image->BandFmt) {
    case VIPS_FORMAT_UCHAR: return SampleType::kU8;
    case VIPS_FORMAT_USHORT: return SampleType::kU16;
    case VIPS_FORMAT_UINT: return SampleType::kU32;
    case VIPS_FORMAT_FLOAT: return SampleType::kF32;
    case VIPS_FORMAT_DOUBLE: return SampleType::kF64;
    default:
      Fail(ErrorCode::kBadData, source.name(),
           "has samples of type {}; unsigned integers and floating point are read",
           vips_enum_nick(VIPS_TYPE_BAND_FORMAT, image->BandFmt));
  }
}

PictureInfo Describe(const PictureSource& source, const VipsImage* image, int orientation) {
  PictureInfo info;
  info.width = image->Xsize;
  info.height = image->Ysize;
  info.colours = image->Bands < 3 || image->Type == VIPS_INTERPRETATION_B_W ||
                         image->Type == VIPS_INTERPRETATION_GREY16
                     ? 1
                     : 3;
  info.has_alpha = image->Bands > info.colours;
  info.bits = image->BandFmt == VIPS_FORMAT_UCHAR ? 8 : 16;
  info.format = source.format();
  info.orientation = orientation;
  info.has_icc = Has(image, VIPS_META_ICC_NAME);
  info.has_exif = Has(image, VIPS_META_EXIF_NAME);
  info.has_xmp = Has(image, VIPS_META_XMP_NAME);
  return info;
}

}  // namespace

PictureReader::PictureReader(const std::filesystem::path& path, const PictureReadOptions& options)
    : state_(std::make_unique<State>(path)) {
  Begin(options);
}

PictureReader::PictureReader(std::string name, std::span<const std::byte> bytes,
                             const PictureReadOptions& options)
    : state_(std::make_unique<State>(std::move(name), bytes)) {
  Begin(options);
}

void PictureReader::Begin(const PictureReadOptions& options) {
  State& s = *state_;
  s.image = s.source.Load(VIPS_ACCESS_SEQUENTIAL, options.lenient);
  CheckLimits(s.source, s.image.get(), options);
  const int orientation = MakeUpright(s.source, s.image, options.lenient);
  MakeRgb(s.source, s.image);
  s.type = TypeOf(s.source, s.image.get());
  s.info = Describe(s.source, s.image.get(), orientation);
}

PictureReader::~PictureReader() = default;
PictureReader::PictureReader(PictureReader&&) noexcept = default;
PictureReader& PictureReader::operator=(PictureReader&&) noexcept = default;

const PictureInfo& PictureReader::info() const { return state_->info; }
int64_t PictureReader::next_row() const { return state_->next_row; }

void PictureReader::ReadRows(int64_t count, const TensorView& out) {
  State& s = *state_;
  GAN_ASSERT(count >= 0 && s.next_row + count <= s.info.height);
  GAN_ASSERT(out.shape == Shape({s.info.channels(), count, s.info.width}));
  // A region of its own for each call, since libvips ties regions to threads. Few rows at a time,
  // since a region holds the pixels it was asked for.
  const RegionPtr region(vips_region_new(s.image.get()));
  constexpr int64_t kRowsAtOnce = 16;
  for (int64_t done = 0; done < count; done += kRowsAtOnce) {
    const int64_t rows = std::min(kRowsAtOnce, count - done);
    const VipsRect wanted = {0, static_cast<int>(s.next_row), static_cast<int>(s.info.width),
                             static_cast<int>(rows)};
    vips_error_clear();
    if (vips_region_prepare(region.get(), &wanted) != 0) {
      s.source.FailForVips(fmt::format("cannot be read at row {}", s.next_row));
    }
    for (int64_t row = 0; row < rows; ++row) {
      UnpackRow(s.type, VIPS_REGION_ADDR(region.get(), 0, wanted.top + static_cast<int>(row)),
                s.info.width, s.image->Bands, s.info.channels(),
                Floats(out) + (done + row) * out.strides[1], out.strides[0]);
    }
    s.next_row += rows;
  }
}

Tensor ReadPicture(const std::filesystem::path& path, const PictureReadOptions& options) {
  PictureReader reader(path, options);
  const PictureInfo& info = reader.info();
  Tensor picture(DType::kF32, {info.channels(), info.height, info.width});
  reader.ReadRows(info.height, picture.view());
  return picture;
}

}  // namespace gan::core
