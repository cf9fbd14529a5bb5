#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const ConvTranspose2d& op, Arguments in) {
  const Padding2d& padding = op.padding;
  if (IsSymmetric(padding)) {
    return at::conv_transpose2d(in[0], in[1], BiasOf(in), PairOf(op.stride),
                                {padding.top, padding.left}, PairOf(op.output_padding), op.groups,
                                PairOf(op.dilation));
  }
  // Uneven padding is what is cut off the whole result. Output padding is cut off less, or rows
  // that no input reaches, which hold the bias alone.
  const at::Tensor whole = at::conv_transpose2d(in[0], in[1], {}, PairOf(op.stride), PairOf({0, 0}),
                                                PairOf({0, 0}), op.groups, PairOf(op.dilation));
  const Padding2d cut{-padding.top, -padding.left, op.output_padding.h - padding.bottom,
                      op.output_padding.w - padding.right};
  const at::Tensor out = PadWith(whole, cut, 0);
  return in.size() > 2 ? out + in[2].reshape({1, -1, 1, 1}) : out;
}

}  // namespace gan::core::torch_backend
