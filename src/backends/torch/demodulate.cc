#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Demodulate& op, Arguments in) {
  const at::Tensor squares = (in[1] * in[1] * (op.scale * op.scale)).sum({2, 3});
  const at::Tensor by_output = op.transposed ? squares : squares.t();  // [I, O]
  return at::rsqrt(at::mm(in[0] * in[0], by_output) + op.epsilon);
}

}  // namespace gan::core::torch_backend
