// Looks for NaN and infinity.
#ifndef GAN_KERNELS_FINITE_H_
#define GAN_KERNELS_FINITE_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// Whether no element of x is NaN or infinite; true for no elements. f32, any rank.
// Threads: splits the elements. Allocates nothing.
bool AllFinite(const ConstTensorView& x, ThreadPool& pool);

namespace reference {
bool AllFinite(const ConstTensorView& x);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_FINITE_H_
