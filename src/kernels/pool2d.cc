#include "kernels/pool2d.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "kernels/target.h"

namespace gan::core::kernels {
namespace {

// A comparison with NaN is false: a NaN sum stays, and a NaN x is taken by the second half.
void TakeGreater(const float* x, int64_t stride, float* out, int64_t length) {
  for (int64_t i = 0; i < length; ++i) {
    const float value = x[i * stride];
    out[i] = value > out[i] || value != value ? value : out[i];
  }
}

void Add(const float* x, int64_t stride, float* out, int64_t length) {
  for (int64_t i = 0; i < length; ++i) out[i] += x[i * stride];
}

// The part of a window of `kernel` from `first` that lies in [0, size).
struct Range {
  int64_t begin, end;
};
Range Inside(int64_t first, int64_t kernel, int64_t size) {
  return {std::max<int64_t>(0, first), std::min(first + kernel, size)};
}

// One output row, from the rows `down` of the picture, which its windows cover.
void PoolRow(const float* picture, int64_t row_stride, Range down, int64_t width,
             const Pool2dParams& p, float* out, int64_t out_width) {
  const bool greatest = p.kind == PoolKind::kMax;
  std::fill(out, out + out_width, greatest ? -std::numeric_limits<float>::infinity() : 0.0f);
  for (int64_t row = down.begin; row < down.end; ++row) {
    // Only columns that are inside the picture in some window: a kernel may be far wider than it.
    const int64_t first = std::max<int64_t>(0, p.padding.left - (out_width - 1) * p.stride_w);
    const int64_t last = std::min(p.kernel_w, p.padding.left + width);
    for (int64_t v = first; v < last; ++v) {
      // Outputs whose window has its column v inside the picture.
      const int64_t shift = v - p.padding.left;
      const int64_t begin = shift >= 0 ? 0 : (-shift + p.stride_w - 1) / p.stride_w;
      const int64_t end =
          shift >= width ? 0 : std::min(out_width, (width - 1 - shift) / p.stride_w + 1);
      if (begin >= end) continue;
      const float* from = picture + (row * row_stride + begin * p.stride_w + shift);
      (greatest ? TakeGreater : Add)(from, p.stride_w, out + begin, end - begin);
    }
  }
  if (greatest) return;
  for (int64_t i = 0; i < out_width; ++i) {
    const Range across = Inside(i * p.stride_w - p.padding.left, p.kernel_w, width);
    const int64_t counted = p.count_padding ? p.kernel_h * p.kernel_w
                                            : (down.end - down.begin) * (across.end - across.begin);
    out[i] /= static_cast<float>(counted);
  }
}

}  // namespace

void Pool2d(const ConstTensorView& x, const Pool2dParams& params, const TensorView& out,
            ThreadPool& pool) {
  const Pool2dParams& p = params;
  GAN_ASSERT(x.shape.rank() == 4 && out.shape.rank() == 4);
  GAN_ASSERT(std::max(p.padding.top, p.padding.bottom) < p.kernel_h);
  GAN_ASSERT(std::max(p.padding.left, p.padding.right) < p.kernel_w);
  const int64_t channels = x.shape[1], height = x.shape[2], width = x.shape[3];
  GAN_ASSERT(out.shape ==
             (Shape{x.shape[0], channels,
                    (height + p.padding.top + p.padding.bottom - p.kernel_h) / p.stride_h + 1,
                    (width + p.padding.left + p.padding.right - p.kernel_w) / p.stride_w + 1}));
  if (ReferenceChosen()) return reference::Pool2d(x, params, out);
  pool.ParallelFor(x.shape[0] * channels, [&](int64_t item, int /*thread*/) {
    const int64_t n = item / channels, c = item % channels;
    const float* from = Floats(x) + n * x.strides[0] + c * x.strides[1];
    float* to = Floats(out) + n * out.strides[0] + c * out.strides[1];
    for (int64_t row = 0; row < out.shape[2]; ++row) {
      const int64_t first = row * p.stride_h - p.padding.top;
      PoolRow(from, x.strides[2], Inside(first, p.kernel_h, height), width, p,
              to + row * out.strides[2], out.shape[3]);
    }
  });
}

}  // namespace gan::core::kernels
