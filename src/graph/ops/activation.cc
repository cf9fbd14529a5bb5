#include "graph/ops/activation.h"

namespace gan::core {

std::string_view NameOf(ActivationKind kind) {
  switch (kind) {
    case ActivationKind::kRelu: return "relu";
    case ActivationKind::kLeakyRelu: return "leaky_relu";
    case ActivationKind::kSigmoid: return "sigmoid";
    case ActivationKind::kTanh: return "tanh";
    case ActivationKind::kSilu: return "silu";
    case ActivationKind::kGelu: return "gelu";
    case ActivationKind::kElu: return "elu";
    case ActivationKind::kSoftplus: return "softplus";
    case ActivationKind::kClip: return "clip";
    case ActivationKind::kHardSigmoid: return "hard_sigmoid";
    case ActivationKind::kHardSwish: return "hard_swish";
  }
  GAN_ASSERT(false);
  return "";
}

SymbolicShape Activation::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  return in.shape(0);
}

double Activation::MultiplyAdds(std::span<const Shape>, const Shape& out) const {
  return static_cast<double>(out.elements());
}

}  // namespace gan::core
