#include "kernels/pixel_rows.h"

#include <algorithm>

#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/pixel_rows.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

int64_t LanesHere() {
#if HWY_HAVE_SCALABLE
  return 0;
#else
  return static_cast<int64_t>(hwy::HWY_NAMESPACE::Lanes(hwy::HWY_NAMESPACE::ScalableTag<float>()));
#endif
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(LanesHere);

int64_t ChannelLanes() { return ReferenceChosen() ? 0 : HWY_DYNAMIC_DISPATCH(LanesHere)(); }

void PlanesToPixels(const ConstTensorView& x, int64_t begin, int64_t end, const PixelRows& out) {
  const int64_t channels = x.shape[1], height = x.shape[2], width = x.shape[3];
  for (int64_t y = begin; y < end; ++y) {
    float* to = out.Row(y);
    if (out.pixel > channels) std::fill_n(to, width * out.pixel, 0.0f);
    const float* from = Floats(x) + y / height * x.strides[0] + y % height * x.strides[2];
    for (int64_t c = 0; c < channels; ++c) {
      const float* plane = from + c * x.strides[1];
      for (int64_t i = 0; i < width; ++i) to[i * out.pixel + c] = plane[i];
    }
  }
}

void PixelsToPlanes(const ConstPixelRows& x, int64_t begin, int64_t end, const TensorView& out) {
  const int64_t channels = out.shape[1], height = out.shape[2], width = out.shape[3];
  for (int64_t y = begin; y < end; ++y) {
    const float* from = x.Row(y);
    float* to = Floats(out) + y / height * out.strides[0] + y % height * out.strides[2];
    for (int64_t c = 0; c < channels; ++c) {
      float* plane = to + c * out.strides[1];
      for (int64_t i = 0; i < width; ++i) plane[i] = from[i * x.pixel + c];
    }
  }
}

void ShufflePixels(const ConstPixelRows& x, int64_t factor, int64_t channels, int64_t width,
                   int64_t begin, int64_t end, const PixelRows& out) {
  for (int64_t y = begin; y < end; ++y) {
    const float* from = x.Row(y / factor) + y % factor * factor;
    float* to = out.Row(y);
    if (out.pixel > channels) std::fill_n(to, width * factor * out.pixel, 0.0f);
    for (int64_t i = 0; i < width; ++i, from += x.pixel) {
      for (int64_t j = 0; j < factor; ++j, to += out.pixel) {
        for (int64_t c = 0; c < channels; ++c) to[c] = from[c * factor * factor + j];
      }
    }
  }
}

void RepeatPixels(const ConstPixelRows& x, int64_t factor_h, int64_t factor_w, int64_t width,
                  int64_t begin, int64_t end, const PixelRows& out) {
  for (int64_t y = begin; y < end; ++y) {
    const float* from = x.Row(y / factor_h);
    float* to = out.Row(y);
    for (int64_t i = 0; i < width; ++i, from += x.pixel) {
      for (int64_t j = 0; j < factor_w; ++j, to += x.pixel) std::copy_n(from, x.pixel, to);
    }
  }
}

void JoinPixels(const ConstPixelRows& x, int64_t channels, int64_t at, int64_t width, int64_t begin,
                int64_t end, const PixelRows& out) {
  for (int64_t y = begin; y < end; ++y) {
    const float* from = x.Row(y);
    float* to = out.Row(y);
    for (int64_t i = 0; i < width; ++i, from += x.pixel, to += out.pixel) {
      std::copy_n(from, channels, to + at);
      std::fill(to + at + channels, to + out.pixel, 0.0f);
    }
  }
}

void PadPixels(const ConstPixelRows& x, PadMode mode, const Padding2d& padding, float value,
               int64_t height, int64_t width, int64_t begin, int64_t end, const PixelRows& out) {
  const int64_t tall = height + padding.top + padding.bottom;
  const int64_t wide = padding.left + width + padding.right;
  for (int64_t y = begin; y < end; ++y) {
    float* to = out.Row(y);
    const int64_t at = y % tall - padding.top;
    if (mode == PadMode::kConstant && (at < 0 || at >= height)) {
      std::fill_n(to, wide * out.pixel, value);
      continue;
    }
    const float* row = x.Row(y / tall * height + PaddedSource(mode, at, height));
    std::copy_n(row, width * out.pixel, to + padding.left * out.pixel);
    const auto border = [&](int64_t column) {
      float* pixel = to + (padding.left + column) * out.pixel;
      if (mode == PadMode::kConstant) {
        std::fill_n(pixel, out.pixel, value);
      } else {
        std::copy_n(row + PaddedSource(mode, column, width) * out.pixel, out.pixel, pixel);
      }
    };
    for (int64_t i = -padding.left; i < 0; ++i) border(i);
    for (int64_t i = width; i < width + padding.right; ++i) border(i);
  }
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
