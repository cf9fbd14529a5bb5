// Scales and shifts by two numbers.
#ifndef GAN_KERNELS_AFFINE_H_
#define GAN_KERNELS_AFFINE_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// out[i] = x[i] * scale + shift, f32, any rank, out of x's shape; one rounding or two, as the
// target has it. `out` may be `x` itself.
// Threads: splits the elements. Allocates nothing.
void Affine(const ConstTensorView& x, float scale, float shift, const TensorView& out,
            ThreadPool& pool);

namespace reference {
void Affine(const ConstTensorView& x, float scale, float shift, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_AFFINE_H_
