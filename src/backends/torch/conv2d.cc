#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Conv2d& op, Arguments in) {
  // ATen takes one padding an axis; uneven ones become a border of their own.
  const bool even = IsSymmetric(op.padding);
  const at::Tensor x = even ? in[0] : PadWith(in[0], op.padding, 0);
  const Padding2d rest = even ? op.padding : Padding2d{};
  return at::conv2d(x, in[1], BiasOf(in), PairOf(op.stride), {rest.top, rest.left},
                    PairOf(op.dilation), op.groups);
}

}  // namespace gan::core::torch_backend
