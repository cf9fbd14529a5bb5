// The rectifier with a slope per channel.
#ifndef GAN_KERNELS_PRELU_H_
#define GAN_KERNELS_PRELU_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// out = x < 0 ? slope[c] * x : x. NaN stays NaN. `out` may be `x` itself.
//
//   x, out  [N, C, ...]  f32, rank 2 to 4
//   slope   [C] or [1]   f32
//
// Threads: splits the elements. Allocates nothing.
void Prelu(const ConstTensorView& x, const ConstTensorView& slope, const TensorView& out,
           ThreadPool& pool);

namespace reference {
void Prelu(const ConstTensorView& x, const ConstTensorView& slope, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_PRELU_H_
