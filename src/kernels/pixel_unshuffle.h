// Moves space into channels, the inverse of pixel_shuffle.
#ifndef GAN_KERNELS_PIXEL_UNSHUFFLE_H_
#define GAN_KERNELS_PIXEL_UNSHUFFLE_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// out[n, (c * factor + i) * factor + j, y, x] = x[n, c, y * factor + i, x * factor + j]
//
//   x    [N, C, H * factor, W * factor]      f32
//   out  [N, C * factor * factor, H, W]      f32, not overlapping x
//
// A move of data: one version for all targets, and the reference is its test.
// Threads: splits pictures and channels. Allocates nothing.
void PixelUnshuffle(const ConstTensorView& x, int64_t factor, const TensorView& out,
                    ThreadPool& pool);

namespace reference {
void PixelUnshuffle(const ConstTensorView& x, int64_t factor, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_PIXEL_UNSHUFFLE_H_
