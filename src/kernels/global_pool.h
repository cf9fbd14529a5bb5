// The greatest or the mean of each channel.
#ifndef GAN_KERNELS_GLOBAL_POOL_H_
#define GAN_KERNELS_GLOBAL_POOL_H_

#include "base/thread_pool.h"
#include "kernels/pool2d.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// x [N, C, H, W], H and W at least 1 -> out [N, C, 1, 1], f32. A channel with a NaN gives NaN.
// Each mean is summed in one order whatever the strides and the number of threads: row by row in
// f32, the rows in f64.
// Threads: splits pictures and channels. Allocates nothing.
void GlobalPool(const ConstTensorView& x, PoolKind kind, const TensorView& out, ThreadPool& pool);

namespace reference {
void GlobalPool(const ConstTensorView& x, PoolKind kind, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_GLOBAL_POOL_H_
