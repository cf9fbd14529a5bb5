#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Slice& op, Arguments in) {
  return at::slice(in[0], op.axis, op.begin, in[0].size(op.axis) - op.end_margin);
}

}  // namespace gan::core::torch_backend
