#include "kernels/pixel_shuffle.h"

#include "base/error.h"
#include "kernels/target.h"

namespace gan::core::kernels {

void PixelShuffle(const ConstTensorView& x, int64_t factor, const TensorView& out,
                  ThreadPool& pool) {
  GAN_ASSERT(x.shape.rank() == 4 && out.shape.rank() == 4 && factor >= 1);
  const int64_t channels = out.shape[1], height = x.shape[2], width = x.shape[3];
  GAN_ASSERT(x.shape == (Shape{out.shape[0], channels * factor * factor, height, width}));
  GAN_ASSERT(out.shape[2] == height * factor && out.shape[3] == width * factor);
  if (ReferenceChosen()) return reference::PixelShuffle(x, factor, out);
  pool.ParallelFor(x.shape[0] * channels, [&](int64_t item, int /*thread*/) {
    const int64_t n = item / channels, c = item % channels;
    for (int64_t row = 0; row < out.shape[2]; ++row) {
      const int64_t first = (c * factor + row % factor) * factor;
      const float* from =
          Floats(x) + n * x.strides[0] + first * x.strides[1] + row / factor * x.strides[2];
      float* to = Floats(out) + n * out.strides[0] + c * out.strides[1] + row * out.strides[2];
      for (int64_t j = 0; j < factor; ++j, from += x.strides[1]) {
        for (int64_t i = 0; i < width; ++i) to[i * factor + j] = from[i];
      }
    }
  });
}

}  // namespace gan::core::kernels
