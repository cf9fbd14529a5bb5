#include "kernels/activation.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

kernels::ActivationKind KernelKind(ActivationKind kind) {
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

class CpuActivation : public CpuOp {
 public:
  CpuActivation(const kernels::ActivationParams& params, const BindContext& context)
      : params_(params), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  bool MayOverwrite(size_t) const override { return true; }
  void Run(const CpuRun& run) const override {
    kernels::Activation(held_.At(run, 0), params_, run.output, run.pool);
  }

 private:
  kernels::ActivationParams params_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Activation& op, const BindContext& context) {
  return std::make_unique<CpuActivation>(
      kernels::ActivationParams{KernelKind(op.kind), op.alpha, op.beta}, context);
}

}  // namespace gan::core
