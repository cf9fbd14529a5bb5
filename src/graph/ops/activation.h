// Functions of one element.
#ifndef GAN_GRAPH_OPS_ACTIVATION_H_
#define GAN_GRAPH_OPS_ACTIVATION_H_

#include "graph/operand.h"

namespace gan::core {

enum class ActivationKind {
  kRelu,       // max(x, 0)
  kLeakyRelu,  // x < 0 ? alpha x : x
  kSigmoid,    // 1 / (1 + exp(-x))
  kTanh,
  kSilu,         // x sigmoid(x)
  kGelu,         // x Phi(x), by the error function
  kElu,          // x < 0 ? alpha (exp(x) - 1) : x
  kSoftplus,     // log(1 + exp(x))
  kClip,         // min(max(x, alpha), beta)
  kHardSigmoid,  // clip(alpha x + beta, 0, 1)
  kHardSwish,    // x clip(alpha x + beta, 0, 1)
};
std::string_view NameOf(ActivationKind kind);

// Input: x, any shape. Output: the same shape.
struct Activation {
  static constexpr std::string_view kName = "activation";
  ActivationKind kind = ActivationKind::kRelu;
  float alpha = 0;
  float beta = 0;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("kind", NameOf(kind)), visit("alpha", alpha), visit("beta", beta);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_ACTIVATION_H_
