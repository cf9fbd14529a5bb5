#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Affine& op, Arguments in) { return in[0] * op.scale + op.shift; }

}  // namespace gan::core::torch_backend
