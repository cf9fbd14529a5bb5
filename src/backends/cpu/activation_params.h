// The kernels' terms for an activation.
#ifndef GAN_BACKENDS_CPU_ACTIVATION_PARAMS_H_
#define GAN_BACKENDS_CPU_ACTIVATION_PARAMS_H_

#include "base/error.h"
#include "graph/ops/activation.h"
#include "kernels/activation.h"

namespace gan::core {

inline kernels::ActivationKind KernelKind(ActivationKind kind) {
  switch (kind) {
    case ActivationKind::kRelu: return kernels::ActivationKind::kRelu;
    case ActivationKind::kLeakyRelu: return kernels::ActivationKind::kLeakyRelu;
    case ActivationKind::kSigmoid: return kernels::ActivationKind::kSigmoid;
    case ActivationKind::kTanh: return kernels::ActivationKind::kTanh;
    case ActivationKind::kSilu: return kernels::ActivationKind::kSilu;
    case ActivationKind::kGelu: return kernels::ActivationKind::kGelu;
    case ActivationKind::kElu: return kernels::ActivationKind::kElu;
    case ActivationKind::kSoftplus: return kernels::ActivationKind::kSoftplus;
    case ActivationKind::kClip: return kernels::ActivationKind::kClip;
    case ActivationKind::kHardSigmoid: return kernels::ActivationKind::kHardSigmoid;
    case ActivationKind::kHardSwish: return kernels::ActivationKind::kHardSwish;
  }
  GAN_ASSERT(false);
  return {};
}

inline kernels::ActivationParams KernelParams(const Activation& op) {
  return {KernelKind(op.kind), op.alpha, op.beta};
}

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_ACTIVATION_PARAMS_H_
