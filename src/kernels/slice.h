// Cuts a piece out along one axis.
#ifndef GAN_KERNELS_SLICE_H_
#define GAN_KERNELS_SLICE_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// out = elements [begin, begin + out.shape[axis]) of x along `axis`, the other axes whole. f32,
// out not overlapping x. One version for all targets, see Copy.
// Threads: splits the elements. Allocates nothing.
void Slice(const ConstTensorView& x, size_t axis, int64_t begin, const TensorView& out,
           ThreadPool& pool);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_SLICE_H_
