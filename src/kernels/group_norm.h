// Normalises the groups of channels of each picture.
#ifndef GAN_KERNELS_GROUP_NORM_H_
#define GAN_KERNELS_GROUP_NORM_H_

#include <cstddef>
#include <span>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// out[n, c] = (x[n, c] - mean) * weight[c] / sqrt(variance + epsilon) + bias[c], mean and variance
// (that of all, not of a sample) over the channels of c's group in picture n.
//
//   x, out        [N, C, H, W]  f32, rows contiguous; out may be x itself
//   weight, bias  [C]  f32, contiguous, or both views of no memory: 1 and 0
//
// Requires groups to divide C. Sums have one order whatever the number of threads; they are kept in
// f64 from one row to the next.
// Threads: splits N * C. Allocates nothing; scratch is `workspace`.
struct GroupNormParams {
  ConstTensorView weight, bias;
  int64_t groups = 1;
  float epsilon = 1e-5f;
};
size_t GroupNormWorkspaceBytes(const Shape& x);
void GroupNorm(const ConstTensorView& x, const GroupNormParams& params, const TensorView& out,
               std::span<std::byte> workspace, ThreadPool& pool);

namespace reference {
void GroupNorm(const ConstTensorView& x, const GroupNormParams& params, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_GROUP_NORM_H_
