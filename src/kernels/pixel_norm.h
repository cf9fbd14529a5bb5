// Brings each pixel's features to a mean square of 1.
#ifndef GAN_KERNELS_PIXEL_NORM_H_
#define GAN_KERNELS_PIXEL_NORM_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// out[n, c, ...] = x[n, c, ...] / sqrt(mean over c of x * x + epsilon), x and out [N, C, ...] f32
// of one shape. Sums in f64. Threads: splits the pictures. Allocates nothing.
//
// Networks apply it to short vectors, so that the plain loops serve every target.
void PixelNorm(const ConstTensorView& x, float epsilon, const TensorView& out, ThreadPool& pool);

namespace reference {
void PixelNorm(const ConstTensorView& x, float epsilon, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_PIXEL_NORM_H_
