#include "kernels/pixel_unshuffle.h"

#include "base/error.h"
#include "kernels/target.h"

namespace gan::core::kernels {

void PixelUnshuffle(const ConstTensorView& x, int64_t factor, const TensorView& out,
                    ThreadPool& pool) {
  GAN_ASSERT(x.shape.rank() == 4 && out.shape.rank() == 4 && factor >= 1);
  const int64_t channels = out.shape[1], height = out.shape[2], width = out.shape[3];
  GAN_ASSERT(channels == x.shape[1] * factor * factor && out.shape[0] == x.shape[0]);
  GAN_ASSERT(x.shape[2] == height * factor && x.shape[3] == width * factor);
  if (ReferenceChosen()) return reference::PixelUnshuffle(x, factor, out);
  pool.ParallelFor(x.shape[0] * channels, [&](int64_t item, int /*thread*/) {
    const int64_t n = item / channels, c = item % channels;
    const int64_t j = c % factor, i = c / factor % factor;
    const float* from = Floats(x) + n * x.strides[0] + c / factor / factor * x.strides[1] + j;
    float* to = Floats(out) + n * out.strides[0] + c * out.strides[1];
    for (int64_t row = 0; row < height; ++row) {
      const float* line = from + (row * factor + i) * x.strides[2];
      for (int64_t column = 0; column < width; ++column) {
        to[row * out.strides[2] + column] = line[column * factor];
      }
    }
  });
}

}  // namespace gan::core::kernels
