// Convolution and transposed convolution of any filter, stride and dilation on rows of pixels,
// summed directly. Vectors run over output channels, so that it is as fast on small and narrow
// pictures as on large ones.
#ifndef GAN_KERNELS_ROW_CONV_H_
#define GAN_KERNELS_ROW_CONV_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/conv2d.h"
#include "kernels/conv_transpose2d.h"
#include "kernels/pixel_ops.h"
#include "kernels/pixel_rows.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// What vectors run over.
enum class RowConvForm {
  kOutputs,   // the usual
  kChannels,  // where each output reads one input, its own: depthwise
  kInputs,    // where outputs are so few that vectors of them would be nearly empty
};

// Output pixels (y + out_stride_h * i, x + out_stride_w * j) and what they read: input pixels
// (i * in_stride_h + down[u], j * in_stride_w + across[v]), 0 outside the picture. Tap (u, v) is
// number u * across.size() + v.
struct RowConvPhase {
  int64_t y = 0, x = 0;
  std::vector<int64_t> down, across;
  int64_t chunk = 0;   // inputs that are summed before the next ones are looked at
  int64_t filter = 0;  // floats to the first weight

  int64_t Taps() const { return static_cast<int64_t>(down.size() * across.size()); }
};

// Filters in the order in which the kernel reads them, the same for every target. Made once, when a
// network is loaded. What pads a panel is 0.
//
//   [phases][panels][chunks][taps][inputs of the chunk][kPanel outputs]
//   [phases][taps][outputs][inputs padded to whole panels]   where vectors run over inputs
struct RowConvFilter {
  static constexpr int64_t kPanel = 16;

  RowConvForm form = RowConvForm::kOutputs;
  int64_t groups = 1;
  int64_t inputs = 0, outputs = 0;  // channels a group
  int64_t in_stride_h = 1, in_stride_w = 1;
  int64_t out_stride_h = 1, out_stride_w = 1;
  std::vector<RowConvPhase> phases;  // those of a transposed convolution that any tap reaches
  Tensor packed;

  int64_t Panels() const { return (groups * outputs + kPanel - 1) / kPanel; }  // of outputs
  size_t bytes() const { return packed.bytes(); }
};

// Whether there is a kernel for these channels (of all groups): with several groups, each must have
// whole panels of outputs, or one input and one output.
bool RowConvTakes(int64_t inputs, int64_t outputs, int64_t groups);

// weight  [O, I / groups, kh, kw]  f32; requires RowConvTakes(I, O, groups). Copies it.
RowConvFilter PackRowConv(const ConstTensorView& weight, const Conv2dParams& params);
// weight  [I, O / groups, kh, kw]  f32
RowConvFilter PackRowConv(const ConstTensorView& weight, const ConvTranspose2dParams& params);

// Some rows and outputs of a convolution.
struct RowConvJob {
  const RowConvFilter* filter = nullptr;
  ConstPixelRows x;
  int64_t height = 0, width = 0;  // of an input picture; rows go on over several pictures
  PixelRows out;
  int64_t out_height = 0, out_width = 0;
  const float* bias = nullptr;        // one an output, padded to whole vectors; never null
  int64_t begin = 0, end = 0;         // output rows, counted over all pictures
  int64_t panel = 0, panels = 0;      // the outputs: those of panels [panel, panel + panels)
  std::span<const PixelOp> ops = {};  // done to finished rows; for jobs of all panels only
  float* zeros = nullptr;             // scratch: room for an input pixel
};

// Writes the outputs, and what pads them to whole vectors as `bias` has it. Where the job has
// `ops`, requires the output's pixels to stand side by side without more padding than that.
//
// Each element is summed in one order, chunk by chunk, tap by tap and input by input, whatever the
// job: equal inputs give equal bits. Weights, and what pads the channels of `x`, should be finite:
// infinity times a padding 0 is NaN.
// Runs on the calling thread. Allocates nothing. Requires ChannelLanes() not to be 0.
void RunRowConv(const RowConvJob& job);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_ROW_CONV_H_
