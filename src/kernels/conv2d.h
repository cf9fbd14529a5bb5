// Convolution of pictures.
#ifndef GAN_KERNELS_CONV2D_H_
#define GAN_KERNELS_CONV2D_H_

#include <cstddef>
#include <span>

#include "base/thread_pool.h"
#include "kernels/correlate.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// Rows and columns of zeros around a picture.
struct Padding2d {
  int64_t top = 0, left = 0, bottom = 0, right = 0;
};

struct Conv2dParams {
  int64_t stride_h = 1, stride_w = 1;
  int64_t dilation_h = 1, dilation_w = 1;
  int64_t groups = 1;
  Padding2d padding;
};

// Filters ready for Conv2d on any target. Made once, when a network is loaded.
struct Conv2dFilter {
  Conv2dParams params;
  Shape shape;  // of the weight
  TapFilter taps;
};

// weight  [O, I / groups, kh, kw]  f32, O a multiple of groups. Copies it.
Conv2dFilter PackConv2d(const ConstTensorView& weight, const Conv2dParams& params);
// The weight that was packed.
Tensor UnpackConv2d(const Conv2dFilter& filter);

// [N, I, H, W] -> [N, O, (H + top + bottom - dilation_h * (kh - 1) - 1) / stride_h + 1, ...].
// Requires the padded picture to be no smaller than the dilated filter.
Shape Conv2dOutputShape(const Shape& x, const Shape& weight, const Conv2dParams& params);

// Bytes of workspace for a picture of this shape and a pool of so many threads.
size_t Conv2dWorkspaceBytes(const Shape& x, const Shape& weight, const Conv2dParams& params,
                            int threads);

// out[n, o, y, x] = bias[o] + sum over i, u, v of
//                   weight[o, i, u, v] * in[n, i, y * stride + u * dilation - top, ...]
//
//   in    [N, I, H, W]  f32
//   bias  [O]           f32, or a view of no memory for none
//   out   Conv2dOutputShape, not overlapping `in`
//
// Each element is summed in one order whatever its place, the picture's size and the number of
// threads: equal inputs give equal bits. Weights should be finite: an infinite one gives NaN
// wherever it meets the padding.
// Threads: splits the output. Allocates a few hundred bytes; the rest is `workspace`.
void Conv2d(const ConstTensorView& in, const Conv2dFilter& filter, const ConstTensorView& bias,
            const TensorView& out, std::span<std::byte> workspace, ThreadPool& pool);

namespace reference {
void Conv2d(const ConstTensorView& in, const ConstTensorView& weight, const ConstTensorView& bias,
            const Conv2dParams& params, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_CONV2D_H_
