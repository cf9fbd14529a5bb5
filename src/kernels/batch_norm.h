// Scales and shifts each channel.
#ifndef GAN_KERNELS_BATCH_NORM_H_
#define GAN_KERNELS_BATCH_NORM_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// The terms of a batch normalisation, [C] each, f32, contiguous; weight and bias may be views of
// no memory: 1 and 0.
struct BatchNormTerms {
  ConstTensorView weight, bias, mean, variance;
  float epsilon = 0;
};

// Two numbers a channel that do the same: computed in f64, rounded once.
struct ChannelAffine {
  Tensor scale, shift;  // [C]
};
ChannelAffine FoldBatchNorm(const BatchNormTerms& terms);

// out[n, c, ...] = x[n, c, ...] * scale[c] + shift[c], x [N, C, ...] and out f32 of one shape; one
// rounding or two, as the target has it. `out` may be `x` itself.
// Threads: splits the elements. Allocates nothing.
void BatchNorm(const ConstTensorView& x, const ChannelAffine& channels, const TensorView& out,
               ThreadPool& pool);

namespace reference {
void BatchNorm(const ConstTensorView& x, const ChannelAffine& channels, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_BATCH_NORM_H_
