#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Transpose& op, Arguments in) {
  return at::permute(in[0], op.order).contiguous();
}

}  // namespace gan::core::torch_backend
