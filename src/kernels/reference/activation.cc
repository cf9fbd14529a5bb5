#include "kernels/activation.h"

#include <cmath>

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {
namespace {

// Clamps so that NaN stays NaN.
double Clip(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

double Sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

// x * gate, and 0 where the gate is: -infinity has the limit 0, not NaN.
double Gated(double x, double gate) { return gate == 0.0 ? 0.0 : x * gate; }

double Apply(const ActivationParams& params, double x) {
  switch (params.kind) {
    case ActivationKind::kRelu: return x < 0 ? 0 : x;
    case ActivationKind::kLeakyRelu: return x < 0 ? x * params.alpha : x;
    case ActivationKind::kSigmoid: return Sigmoid(x);
    case ActivationKind::kTanh: return std::tanh(x);
    case ActivationKind::kSilu: return Gated(x, Sigmoid(x));
    case ActivationKind::kGelu: return Gated(x, 0.5 * std::erfc(-x * std::sqrt(0.5)));
    case ActivationKind::kElu: return x < 0 ? params.alpha * std::expm1(x) : x;
    case ActivationKind::kSoftplus: return x > 30 ? x : std::log1p(std::exp(x));
    case ActivationKind::kClip: return Clip(x, params.alpha, params.beta);
    case ActivationKind::kHardSigmoid: return Clip(params.alpha * x + params.beta, 0, 1);
    case ActivationKind::kHardSwish: return Gated(x, Clip(params.alpha * x + params.beta, 0, 1));
  }
  return x;
}

}  // namespace

void Activation(const ConstTensorView& x, const ActivationParams& params, const TensorView& out) {
  ForEachElement(x.shape, [&](const Index& index) {
    At(out, index) = static_cast<float>(Apply(params, At(x, index)));
  });
}

}  // namespace gan::core::kernels::reference
