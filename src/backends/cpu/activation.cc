#include "kernels/activation.h"

#include "backends/cpu/activation_params.h"
#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

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
  return std::make_unique<CpuActivation>(KernelParams(op), context);
}

}  // namespace gan::core
