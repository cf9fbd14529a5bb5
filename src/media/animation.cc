#include "media/animation.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/checked.h"
#include "base/error.h"
#include "base/file.h"
#include "media/picture_metadata.h"
#include "media/samples.h"
#include "media/video_xmp.h"
#include "media/vips_library.h"
#include "media/xmp.h"

namespace gan::core {
namespace {

constexpr int64_t kMostBytes = int64_t{1} << 30;

int64_t LargestSide(AnimationFormat format) {
  switch (format) {
    case AnimationFormat::kWebp: return 16'383;
    case AnimationFormat::kGif: return 65'535;
    case AnimationFormat::kApng:
    case AnimationFormat::kMp4: break;
  }
  GAN_ASSERT(false);
}

// All frames below one another, as libvips wants them: interleaved bytes.
struct Stack {
  int64_t count = 0, channels = 0, height = 0, width = 0;
  std::vector<uint8_t> samples;
};

void Begin(Stack& stack, const std::string& name, AnimationFormat format, const Tensor& frame) {
  const Shape& shape = frame.shape();
  GAN_ASSERT(shape.rank() == 3 && shape[0] >= 1 && shape[0] <= 4 && frame.dtype() == DType::kF32);
  stack.channels = shape[0], stack.height = shape[1], stack.width = shape[2];
  const int64_t largest = LargestSide(format);
  if (stack.height < 1 || stack.width < 1 || stack.height > largest || stack.width > largest) {
    Fail(ErrorCode::kUsage, name, "wants frames of {} x {} pixels; the format holds 1 to {} a side",
         stack.width, stack.height, largest);
  }
  const int64_t sizes[] = {stack.count, stack.channels, stack.height, stack.width};
  const int64_t bytes = CheckedProduct(sizes).value_or(kMostBytes + 1);
  if (bytes > kMostBytes || stack.count * stack.height > VIPS_MAX_COORD) {
    Fail(ErrorCode::kUsage, name, "{} frames of {} x {} pixels are too much for one animation",
         stack.count, stack.width, stack.height);
  }
  stack.samples.reserve(static_cast<size_t>(bytes));
}

void RequireFinite(const std::string& name, const Tensor& frame) {
  if (AllFinite(frame.floats())) return;
  Fail(ErrorCode::kInternal, name,
       "would have samples that are NaN or infinite; nothing is written");
}

void Append(Stack& stack, const std::string& name, const Tensor& frame) {
  GAN_ASSERT(frame.shape() == (Shape{stack.channels, stack.height, stack.width}));
  RequireFinite(name, frame);
  const size_t row_bytes = static_cast<size_t>(stack.width * stack.channels);
  for (int64_t y = 0; y < stack.height; ++y) {
    stack.samples.resize(stack.samples.size() + row_bytes);
    PackRow(frame.floats().data() + y * stack.width, stack.height * stack.width, stack.width,
            static_cast<int>(stack.channels), 8, &stack.samples.back() + 1 - row_bytes);
  }
}

ImagePtr ImageOf(const Stack& stack, const std::string& name, int frame_milliseconds) {
  ImagePtr image(vips_image_new_from_memory(stack.samples.data(), stack.samples.size(),
                                            static_cast<int>(stack.width),
                                            static_cast<int>(stack.count * stack.height),
                                            static_cast<int>(stack.channels), VIPS_FORMAT_UCHAR));
  if (!image) Fail(ErrorCode::kInternal, name, "cannot be made: {}", TakeVipsError());
  image->Type = stack.channels < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  std::vector<int> delays(static_cast<size_t>(stack.count), frame_milliseconds);
  vips_image_set_int(image.get(), VIPS_META_PAGE_HEIGHT, static_cast<int>(stack.height));
  vips_image_set_int(image.get(), "loop", 0);
  vips_image_set_array_int(image.get(), "delay", delays.data(), static_cast<int>(delays.size()));
  return image;
}

int Save(AnimationFormat format, const char* file, VipsImage* image) {
  switch (format) {
    case AnimationFormat::kWebp: return vips_webpsave(image, file, "lossless", TRUE, nullptr);
    // No dithering: it flickers from frame to frame.
    case AnimationFormat::kGif: return vips_gifsave(image, file, "dither", 0.0, nullptr);
    case AnimationFormat::kApng:
    case AnimationFormat::kMp4: break;
  }
  GAN_ASSERT(false);
}

// Frames that are asked for one after the other.
using NextFrame = std::function<Tensor(int64_t i)>;

void WriteWithVips(const AtomicFile& file, const std::string& name, AnimationFormat format,
                   int64_t count, const NextFrame& next, const AnimationOptions& options) {
  Stack stack{.count = count};
  for (int64_t i = 0; i < count; ++i) {
    const Tensor picture = next(i);
    if (i == 0) Begin(stack, name, format, picture);
    Append(stack, name, picture);
  }
  StartVips();
  vips_error_clear();
  const ImagePtr image = ImageOf(stack, name, options.frame_milliseconds);
  PictureWriteOptions metadata;
  metadata.provenance = options.provenance;
  if (format == AnimationFormat::kWebp) {
    AttachMetadata(nullptr, PictureFormat::kWebp, metadata, image.get());
  }
  if (Save(format, file.temporary().c_str(), image.get()) != 0) {
    Fail(ErrorCode::kIo, name, "cannot be written: {}", TakeVipsError());
  }
}

// Three bytes a pixel, grey repeated and alpha laid on white. The frame's samples may change.
void PackAsRgb(Tensor& frame, std::vector<uint8_t>& out) {
  const Shape& shape = frame.shape();
  const int64_t channels = shape[0], height = shape[1], width = shape[2], plane = height * width;
  const int colours = channels < 3 ? 1 : 3;
  constexpr float kWhite[] = {1, 1, 1};
  std::vector<uint8_t> row(static_cast<size_t>(width * colours));
  out.clear();
  for (int64_t y = 0; y < height; ++y) {
    float* samples = frame.floats().data() + y * width;
    if (channels % 2 == 0) {
      FlattenRow(samples, plane, width, std::span(kWhite).first(static_cast<size_t>(colours)));
    }
    PackRow(samples, plane, width, colours, 8, row.data());
    for (const uint8_t sample : row) out.insert(out.end(), colours == 1 ? 3 : 1, sample);
  }
}

void PackAll(const Tensor& frame, std::vector<uint8_t>& out) {
  const Shape& shape = frame.shape();
  const int64_t row = shape[0] * shape[2];
  out.resize(static_cast<size_t>(row * shape[1]));
  for (int64_t y = 0; y < shape[1]; ++y) {
    PackRow(frame.floats().data() + y * shape[2], shape[1] * shape[2], shape[2],
            static_cast<int>(shape[0]), 8, out.data() + y * row);
  }
}

void WriteAsVideo(const AtomicFile& file, const std::string& name, AnimationFormat format,
                  int64_t count, const NextFrame& next, const AnimationOptions& options) {
  GAN_ASSERT(options.open_video != nullptr);
  const bool mp4 = format == AnimationFormat::kMp4;
  VideoOptions video{.path = file.temporary(),
                     .name = name,
                     .format = mp4 ? VideoFormat::kMp4 : VideoFormat::kApng,
                     .frame_milliseconds = options.frame_milliseconds};
  std::unique_ptr<VideoEncoder> encoder;
  std::vector<uint8_t> bytes;
  for (int64_t i = 0; i < count; ++i) {
    Tensor picture = next(i);
    const Shape& shape = picture.shape();
    GAN_ASSERT(shape.rank() == 3 && shape[0] >= 1 && shape[0] <= 4);
    RequireFinite(name, picture);
    if (encoder == nullptr) {
      video.height = shape[1], video.width = shape[2];
      video.channels = mp4 ? 3 : static_cast<int>(shape[0]);
      encoder = options.open_video(video);
    }
    GAN_ASSERT(video.height == shape[1] && video.width == shape[2]);
    mp4 ? PackAsRgb(picture, bytes) : PackAll(picture, bytes);
    encoder->Add(bytes);
  }
  encoder->Finish();
  if (options.provenance == Provenance::kNone) return;
  AddXmp(video.format, file.temporary(), AddProvenance("", options.provenance), name);
}

}  // namespace

bool IsVideo(AnimationFormat format) {
  return format == AnimationFormat::kApng || format == AnimationFormat::kMp4;
}

std::optional<AnimationFormat> AnimationFormatFrom(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  if (extension == ".webp") return AnimationFormat::kWebp;
  if (extension == ".gif") return AnimationFormat::kGif;
  if (extension == ".apng") return AnimationFormat::kApng;
  if (extension == ".mp4") return AnimationFormat::kMp4;
  return std::nullopt;
}

void WriteAnimation(const std::filesystem::path& path, int64_t count,
                    const std::function<Tensor(int64_t i)>& frame,
                    const AnimationOptions& options) {
  GAN_ASSERT(count >= 1);
  const std::string name = Printable(path.native(), 500);
  const std::optional<AnimationFormat> format = AnimationFormatFrom(path);
  if (!format) {
    Fail(ErrorCode::kUsage, name,
         "wants the extension .webp, .gif, .apng or .mp4 for an animation");
  }
  const int delay = options.frame_milliseconds;
  if (delay < 20 || delay > 60'000) {
    Fail(ErrorCode::kUsage, name, "wants 20 to 60000 milliseconds a frame, got {}", delay);
  }
  AtomicFile file(path);
  const NextFrame next = [&](int64_t i) {
    if (options.cancel) options.cancel->ThrowIfCancelled();
    if (i > 0 && options.progress) {
      options.progress(static_cast<double>(i) / static_cast<double>(count));
    }
    return frame(i);
  };
  (IsVideo(*format) ? WriteAsVideo : WriteWithVips)(file, name, *format, count, next, options);
  file.Commit();
  if (options.progress) options.progress(1);
}

}  // namespace gan::core
