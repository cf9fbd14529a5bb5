// The greatest or the mean of a sliding window.
#ifndef GAN_KERNELS_POOL2D_H_
#define GAN_KERNELS_POOL2D_H_

#include "base/thread_pool.h"
#include "kernels/conv2d.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

enum class PoolKind { kMax, kAverage };

struct Pool2dParams {
  PoolKind kind = PoolKind::kMax;
  int64_t kernel_h = 1, kernel_w = 1;
  int64_t stride_h = 1, stride_w = 1;
  Padding2d padding;          // smaller than the kernel on each side
  bool count_padding = true;  // the mean counts padding as zeros, or not at all
};

// x [N, C, H, W] -> out [N, C, (H + top + bottom - kernel_h) / stride_h + 1, ...], f32, not
// overlapping. Padding is no candidate for the greatest. A window with a NaN gives NaN.
// Sums and comparisons in one order, row by row, which the compiler vectorizes: one version for all
// targets, and the reference is its test. Threads: splits channels. Allocates nothing.
void Pool2d(const ConstTensorView& x, const Pool2dParams& params, const TensorView& out,
            ThreadPool& pool);

namespace reference {
void Pool2d(const ConstTensorView& x, const Pool2dParams& params, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_POOL2D_H_
