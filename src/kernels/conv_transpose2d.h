// Transposed convolution of pictures: the gradient of conv2d, used to enlarge.
#ifndef GAN_KERNELS_CONV_TRANSPOSE2D_H_
#define GAN_KERNELS_CONV_TRANSPOSE2D_H_

#include <cstddef>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "kernels/conv2d.h"
#include "kernels/correlate.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

struct ConvTranspose2dParams {
  int64_t stride_h = 1, stride_w = 1;
  int64_t dilation_h = 1, dilation_w = 1;
  int64_t groups = 1;
  Padding2d padding;  // rows and columns that are cut off the result
  int64_t output_padding_h = 0, output_padding_w = 0;  // rows and columns added at its end
};

// Filters ready for ConvTranspose2d on any target. Made once, when a network is loaded. Output
// pixels whose places agree modulo the stride read the same filter elements: each such phase that
// reads any is a convolution of its own, with stride 1.
struct ConvTranspose2dFilter {
  struct Phase {
    int64_t y = 0, x = 0;  // first output pixel
    TapFilter taps;
    std::vector<Tap> elements;  // (row, column) of the weight behind each tap
  };
  ConvTranspose2dParams params;
  Shape shape;  // of the weight
  std::vector<Phase> phases;
};

// weight  [I, O / groups, kh, kw]  f32, I a multiple of groups. Copies it.
ConvTranspose2dFilter PackConvTranspose2d(const ConstTensorView& weight,
                                          const ConvTranspose2dParams& params);
// The weight that was packed.
Tensor UnpackConvTranspose2d(const ConvTranspose2dFilter& filter);

// [N, I, H, W] -> [N, O, (H - 1) * stride_h - top - bottom + dilation_h * (kh - 1) +
// output_padding_h + 1, ...]. Requires that to be positive.
Shape ConvTranspose2dOutputShape(const Shape& x, const Shape& weight,
                                 const ConvTranspose2dParams& params);

// Bytes of workspace for a picture of this shape and a pool of so many threads.
size_t ConvTranspose2dWorkspaceBytes(const Shape& x, const Shape& weight,
                                     const ConvTranspose2dParams& params, int threads);

// out = bias, then out[n, o, y * stride + u * dilation - top, ...] +=
//       weight[i, o, u, v] * in[n, i, y, x] for all of them.
//
//   in    [N, I, H, W]  f32
//   bias  [O]           f32, or a view of no memory for none
//   out   ConvTranspose2dOutputShape, not overlapping `in`
//
// Each element is summed in one order whatever its place (modulo the stride), the picture's size
// and the number of threads.
// Threads: splits the output. Allocates a few hundred bytes; the rest is `workspace`.
void ConvTranspose2d(const ConstTensorView& in, const ConvTranspose2dFilter& filter,
                     const ConstTensorView& bias, const TensorView& out,
                     std::span<std::byte> workspace, ThreadPool& pool);

namespace reference {
void ConvTranspose2d(const ConstTensorView& in, const ConstTensorView& weight,
                     const ConstTensorView& bias, const ConvTranspose2dParams& params,
                     const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_CONV_TRANSPOSE2D_H_
