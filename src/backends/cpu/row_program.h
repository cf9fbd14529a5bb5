// A stretch of a graph as steps on rows of pixels: what the CPU runs instead of its nodes where
// their work is convolution. See kernels/pixel_rows.h for the layout.
#ifndef GAN_BACKENDS_CPU_ROW_PROGRAM_H_
#define GAN_BACKENDS_CPU_ROW_PROGRAM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/ops/pad2d.h"
#include "kernels/pixel_ops.h"
#include "kernels/resize.h"
#include "kernels/row_conv.h"

namespace gan::core {

// One element-wise step; see kernels::PixelOp.
struct RowOp {
  kernels::PixelOpKind kind = kernels::PixelOpKind::kAffine;
  float alpha = 1, beta = 0;
  Tensor slope;  // kPrelu: [C] or [1]; kScaleShift: [C]
  Tensor shift;  // kScaleShift: [C]
  kernels::ActivationParams activation = {};
  int other = -1;  // value that is the second operand
  kernels::PixelOperand operand = kernels::PixelOperand::kWhole;

  // Whether a row of the result needs all of a picture of the second operand.
  bool NeedsWholePictures() const {
    return kind == kernels::PixelOpKind::kNormalize || operand != kernels::PixelOperand::kWhole;
  }
};

enum class RowStepKind {
  kLoad,      // planes of an input of the stretch to rows
  kConvolve,  // with a square filter, of all inputs joined, by Winograd, then `ops`
  kDirect,    // any other convolution, transposed ones too, then `ops`
  kPad,       // a border around inputs[0]
  kMoments,   // of inputs[0], for kNormalize: needs all of a picture
  kMap,       // `ops` on inputs[0]
  kJoin,      // channels of all inputs side by side
  kShuffle,   // pixel shuffle by factor_h
  kRepeat,    // each pixel factor_h x factor_w times
  kResize,    // any other resampling
  kStore,     // rows to planes of the output of the stretch
};

struct RowStep {
  RowStepKind kind = RowStepKind::kMap;
  std::vector<int> inputs;  // values
  int output = -1;          // value; -1 for kStore
  std::vector<RowOp> ops;

  // kConvolve, as the checkpoint has them; of kDirect the bias, of kMoments both. May be absent.
  Tensor weight, bias;
  Padding2d padding;     // kConvolve, kPad
  bool doubled = false;  // the input is repeated 2 x 2 as it is read
  // kConvolve, as kernels::WinogradShape has them.
  int64_t tile = 4, taps = 3, stride = 1;
  bool transposed = false;
  bool bf16 = false;

  // kDirect: an axis of `size` pixels gives (size * out_stride + add) / in_stride + 1.
  kernels::RowConvFilter filter = {};
  int64_t add_h = 0, add_w = 0;
  std::string why;  // no Winograd

  PadMode mode = PadMode::kConstant;  // kPad
  float value = 0;
  int64_t norm_groups = 1;  // kMoments
  float epsilon = 0;

  int64_t factor_h = 1, factor_w = 1;  // kShuffle, kRepeat
  kernels::ResizeParams resize;
  size_t external = 0;        // kLoad: which input of the stretch
  std::vector<size_t> nodes;  // of the graph, that this step does the work of

  // Pixels of the result that are made together along an axis.
  int64_t Grain() const { return transposed ? 2 * tile : tile; }
};

// Values are numbered; each is made by one step. `graph_values` says whose sizes each has.
struct RowProgram {
  std::vector<ValueId> values;
  std::vector<RowStep> steps;   // in an order in which they can run
  std::vector<ValueId> inputs;  // of the stretch, in the order of RowStep::external
  ValueId output{};

  // How many operands of steps are this value.
  int Readers(int value) const;
};

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_ROW_PROGRAM_H_
