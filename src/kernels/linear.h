// Matrix product: a fully connected layer.
#ifndef GAN_KERNELS_LINEAR_H_
#define GAN_KERNELS_LINEAR_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// out[n, o] = bias[o] + sum over i of weight[o, i] * x[n, i]
//
//   x       [N, I]  f32
//   weight  [O, I]  f32
//   bias    [O]     f32, or a view of no memory for none
//   out     [N, O]  f32, not overlapping x
//
// Each element is summed in one order, whatever N, O and the number of threads.
// Threads: splits the outputs. Allocates nothing.
void Linear(const ConstTensorView& x, const ConstTensorView& weight, const ConstTensorView& bias,
            const TensorView& out, ThreadPool& pool);

namespace reference {
void Linear(const ConstTensorView& x, const ConstTensorView& weight, const ConstTensorView& bias,
            const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_LINEAR_H_
