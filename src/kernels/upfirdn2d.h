// Inserts zeros, pads, filters and thins each channel.
#ifndef GAN_KERNELS_UPFIRDN2D_H_
#define GAN_KERNELS_UPFIRDN2D_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// Along the height first, then along the width.
struct Upfirdn2dParams {
  int64_t up[2] = {1, 1};
  int64_t down[2] = {1, 1};
  int64_t before[2] = {0, 0};  // zeros above and on the left, of the enlarged picture
  float gain = 1;
};

// out[n, c, y, x] = gain * sum over i, j of filter[fh - 1 - i, fw - 1 - j] *
//                   enlarged[y * down - before + i, x * down - before + j]
// where enlarged[up * y, up * x] is the picture and all else is 0.
//
//   x       [N, C, H, W]    f32, rows contiguous
//   filter  [fh, fw]        f32, contiguous
//   out     [N, C, oh, ow]  f32, contiguous; how far it reaches says what stands below and on the
//                           right
//
// Threads: splits N * C. Allocates nothing; scratch is `workspace`, 64-byte aligned.
size_t Upfirdn2dWorkspaceBytes(const Shape& filter, const Shape& out, const Upfirdn2dParams& params,
                               int threads);
void Upfirdn2d(const ConstTensorView& x, const ConstTensorView& filter,
               const Upfirdn2dParams& params, const TensorView& out, std::span<std::byte> workspace,
               ThreadPool& pool);

namespace reference {
void Upfirdn2d(const ConstTensorView& x, const ConstTensorView& filter,
               const Upfirdn2dParams& params, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_UPFIRDN2D_H_
