#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const MatMul&, Arguments in) { return at::matmul(in[0], in[1]); }

}  // namespace gan::core::torch_backend
