// Puts a border around pictures.
#ifndef GAN_KERNELS_PAD2D_H_
#define GAN_KERNELS_PAD2D_H_

#include "base/thread_pool.h"
#include "kernels/conv2d.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

enum class PadMode {
  kConstant,   // a value
  kReflect,    // mirrored at the border pixels, which are not repeated
  kReplicate,  // the nearest pixel of the picture
};

// x [N, C, H, W] -> out [N, C, H + top + bottom, W + left + right], f32, not overlapping.
// Requires padding that is not negative. Error kBadData when kReflect meets a picture that is not
// larger than the padding: whether it is depends on the user's picture.
// Rows are copied, which no vector code does better: there is one version for all targets, and the
// reference is its test. Threads: splits the rows. Allocates nothing.
void Pad2d(const ConstTensorView& x, PadMode mode, const Padding2d& padding, float value,
           const TensorView& out, ThreadPool& pool);

// The row or column of a picture of so many that stands at `at`, which may lie outside [0, size).
int64_t PaddedSource(PadMode mode, int64_t at, int64_t size);

namespace reference {
void Pad2d(const ConstTensorView& x, PadMode mode, const Padding2d& padding, float value,
           const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_PAD2D_H_
