#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Prelu&, Arguments in) { return at::prelu(in[0], in[1]); }

}  // namespace gan::core::torch_backend
