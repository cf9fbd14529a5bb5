#include "kernels/pad2d.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "kernels/target.h"

namespace gan::core::kernels {

int64_t PaddedSource(PadMode mode, int64_t at, int64_t size) {
  if (mode == PadMode::kReplicate) return std::clamp<int64_t>(at, 0, size - 1);
  return at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
}

namespace {

void PadRow(const float* row, int64_t width, PadMode mode, const Padding2d& padding, float value,
            float* out) {
  std::memcpy(out + padding.left, row, static_cast<size_t>(width) * sizeof(float));
  float* right = out + padding.left + width;
  if (mode == PadMode::kConstant) {
    std::fill(out, out + padding.left, value);
    std::fill(right, right + padding.right, value);
    return;
  }
  for (int64_t i = 0; i < padding.left; ++i)
    out[i] = row[PaddedSource(mode, i - padding.left, width)];
  for (int64_t i = 0; i < padding.right; ++i) right[i] = row[PaddedSource(mode, width + i, width)];
}

}  // namespace

void Pad2d(const ConstTensorView& x, PadMode mode, const Padding2d& padding, float value,
           const TensorView& out, ThreadPool& pool) {
  GAN_ASSERT(x.shape.rank() == 4);
  const int64_t height = x.shape[2], width = x.shape[3];
  const Padding2d& p = padding;
  GAN_ASSERT(std::min({p.top, p.left, p.bottom, p.right}) >= 0);
  GAN_ASSERT(out.shape ==
             (Shape{x.shape[0], x.shape[1], height + p.top + p.bottom, width + p.left + p.right}));
  if (mode == PadMode::kReflect &&
      (height <= std::max(p.top, p.bottom) || width <= std::max(p.left, p.right))) {
    Fail(ErrorCode::kBadData, "pad2d",
         "wants a picture larger than the border of {} that reflects it, got {}x{}",
         std::max({p.top, p.left, p.bottom, p.right}), width, height);
  }
  if (ReferenceChosen()) return reference::Pad2d(x, mode, padding, value, out);
  const int64_t channels = x.shape[1];
  pool.ParallelFor(x.shape[0] * channels, [&](int64_t item, int /*thread*/) {
    const int64_t n = item / channels, c = item % channels;
    const float* from = Floats(x) + n * x.strides[0] + c * x.strides[1];
    float* to = Floats(out) + n * out.strides[0] + c * out.strides[1];
    for (int64_t row = 0; row < out.shape[2]; ++row, to += out.strides[2]) {
      const int64_t at = row - p.top;
      if (mode == PadMode::kConstant && (at < 0 || at >= height)) {
        std::fill(to, to + out.shape[3], value);
      } else {
        PadRow(from + PaddedSource(mode, at, height) * x.strides[2], width, mode, p, value, to);
      }
    }
  });
}

}  // namespace gan::core::kernels
