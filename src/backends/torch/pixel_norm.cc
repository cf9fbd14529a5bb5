#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const PixelNorm& op, Arguments in) {
  const at::Tensor& x = in[0];
  return x * at::rsqrt(at::mean(x * x, {1}, /*keepdim=*/true) + op.epsilon);
}

}  // namespace gan::core::torch_backend
