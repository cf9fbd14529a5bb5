#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Activation& op, Arguments in) {
  const at::Tensor& x = in[0];
  const auto ramp = [&] { return at::clamp(x * op.alpha + op.beta, 0, 1); };
  switch (op.kind) {
    case ActivationKind::kRelu: return at::relu(x);
    case ActivationKind::kLeakyRelu: return at::leaky_relu(x, op.alpha);
    case ActivationKind::kSigmoid: return at::sigmoid(x);
    case ActivationKind::kTanh: return at::tanh(x);
    case ActivationKind::kSilu: return at::silu(x);
    case ActivationKind::kGelu: return at::gelu(x);
    case ActivationKind::kElu: return at::elu(x, op.alpha);
    case ActivationKind::kSoftplus: return at::softplus(x);
    case ActivationKind::kClip: return at::clamp(x, op.alpha, op.beta);
    case ActivationKind::kHardSigmoid: return ramp();
    case ActivationKind::kHardSwish: return x * ramp();
  }
  GAN_ASSERT(false);
  return {};
}

}  // namespace gan::core::torch_backend
