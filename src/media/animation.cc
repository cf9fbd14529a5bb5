#include "media/animation.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/checked.h"
#include "base/error.h"
#include "base/file.h"
#include "media/picture_metadata.h"
#include "media/samples.h"
#include "media/vips_library.h"

namespace gan::core {
namespace {

constexpr int64_t kMostBytes = int64_t{1} << 30;

int64_t LargestSide(AnimationFormat format) {
  switch (format) {
    case AnimationFormat::kWebp: return 16'383;
    case AnimationFormat::kGif: return 65'535;
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

void Append(Stack& stack, const std::string& name, const Tensor& frame) {
  GAN_ASSERT(frame.shape() == (Shape{stack.channels, stack.height, stack.width}));
  if (!AllFinite(frame.floats())) {
    Fail(ErrorCode::kInternal, name,
         "would have samples that are NaN or infinite; nothing is written");
  }
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
  }
  GAN_ASSERT(false);
}

}  // namespace

std::optional<AnimationFormat> AnimationFormatFrom(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  if (extension == ".webp") return AnimationFormat::kWebp;
  if (extension == ".gif") return AnimationFormat::kGif;
  return std::nullopt;
}

void WriteAnimation(const std::filesystem::path& path, int64_t count,
                    const std::function<Tensor(int64_t i)>& frame,
                    const AnimationOptions& options) {
  GAN_ASSERT(count >= 1);
  const std::string name = Printable(path.native(), 500);
  const std::optional<AnimationFormat> format = AnimationFormatFrom(path);
  if (!format) Fail(ErrorCode::kUsage, name, "wants the extension .webp or .gif for an animation");
  const int delay = options.frame_milliseconds;
  if (delay < 20 || delay > 60'000) {
    Fail(ErrorCode::kUsage, name, "wants 20 to 60000 milliseconds a frame, got {}", delay);
  }
  AtomicFile file(path);
  Stack stack{.count = count};
  for (int64_t i = 0; i < count; ++i) {
    if (options.cancel) options.cancel->ThrowIfCancelled();
    const Tensor picture = frame(i);
    if (i == 0) Begin(stack, name, *format, picture);
    Append(stack, name, picture);
    if (options.progress) options.progress(static_cast<double>(i + 1) / static_cast<double>(count));
  }
  StartVips();
  vips_error_clear();
  const ImagePtr image = ImageOf(stack, name, delay);
  PictureWriteOptions metadata;
  metadata.provenance = options.provenance;
  if (format == AnimationFormat::kWebp) {
    AttachMetadata(nullptr, PictureFormat::kWebp, metadata, image.get());
  }
  if (Save(*format, file.temporary().c_str(), image.get()) != 0) {
    Fail(ErrorCode::kIo, name, "cannot be written: {}", TakeVipsError());
  }
  file.Commit();
}

}  // namespace gan::core
