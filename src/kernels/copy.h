// Copies views on several threads.
#ifndef GAN_KERNELS_COPY_H_
#define GAN_KERNELS_COPY_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// out = x, f32, of one shape, not overlapping. Runs of memory are copied as they are, which no
// vector code does better: there is one version for all targets.
// Threads: splits the elements. Allocates nothing.
void Copy(const ConstTensorView& x, const TensorView& out, ThreadPool& pool);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_COPY_H_
