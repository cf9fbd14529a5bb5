// The factors that bring a modulated convolution's outputs back to variance 1.
#ifndef GAN_KERNELS_DEMODULATE_H_
#define GAN_KERNELS_DEMODULATE_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// What is left of a filter: [O, I] f32, scale^2 times the sum of the squares of its taps. `weight`
// [O, I, kh, kw], or [I, O, kh, kw] if transposed; f32.
Tensor SquaresOfTaps(const ConstTensorView& weight, float scale, bool transposed);

// out[n, o] = 1 / sqrt(sum over i of style[n, i]^2 * squares[o, i] + epsilon)
//
//   style    [N, I]  f32, contiguous
//   squares  [O, I]  f32, contiguous
//   out      [N, O]  f32, contiguous
//
// Threads: splits N * O. Allocates nothing.
void Demodulate(const ConstTensorView& style, const ConstTensorView& squares, float epsilon,
                const TensorView& out, ThreadPool& pool);

namespace reference {
void Demodulate(const ConstTensorView& style, const ConstTensorView& squares, float epsilon,
                const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_DEMODULATE_H_
