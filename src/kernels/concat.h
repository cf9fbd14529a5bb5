// Joins tensors along an axis.
#ifndef GAN_KERNELS_CONCAT_H_
#define GAN_KERNELS_CONCAT_H_

#include <span>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// out = the parts one after another along `axis`; the other axes agree, and out's size along
// `axis` is the sum of the parts'. f32, out not overlapping a part.
// One version for all targets, see Copy. Threads: splits each part. Allocates nothing.
void Concat(std::span<const ConstTensorView> parts, size_t axis, const TensorView& out,
            ThreadPool& pool);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_CONCAT_H_
