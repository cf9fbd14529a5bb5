// Arithmetic of two tensors, element by element, with broadcasting.
#ifndef GAN_KERNELS_BINARY_H_
#define GAN_KERNELS_BINARY_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

enum class BinaryKind { kAdd, kSub, kMul, kDiv, kMax, kMin };

// out = a (kind) b, f32. Axes are matched from the last one; a size of 1 and a missing axis
// repeat (NumPy's rules), and out has the common shape. kMax and kMin of a NaN are NaN.
// `out` may be `a` or `b` itself where that has out's shape.
// The same bits on every target. Threads: splits the elements. Allocates nothing.
void Binary(const ConstTensorView& a, const ConstTensorView& b, BinaryKind kind,
            const TensorView& out, ThreadPool& pool);

namespace reference {
void Binary(const ConstTensorView& a, const ConstTensorView& b, BinaryKind kind,
            const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_BINARY_H_
