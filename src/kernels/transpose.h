// Puts the axes of a tensor in another order.
#ifndef GAN_KERNELS_TRANSPOSE_H_
#define GAN_KERNELS_TRANSPOSE_H_

#include <cstdint>
#include <span>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// out = x with axis order[i] as axis i. f32, both contiguous, not overlapping. Waits for memory,
// which no vector code mends: there is one version for all targets.
// Threads: splits the elements. Allocates nothing.
void Transpose(const ConstTensorView& x, std::span<const int64_t> order, const TensorView& out,
               ThreadPool& pool);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_TRANSPOSE_H_
