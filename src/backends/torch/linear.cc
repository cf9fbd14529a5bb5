#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Linear&, Arguments in) { return at::linear(in[0], in[1], BiasOf(in)); }

}  // namespace gan::core::torch_backend
