#include "kernels/pixel_norm.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuPixelNorm : public CpuOp {
 public:
  CpuPixelNorm(float epsilon, const BindContext& context) : epsilon_(epsilon), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  void Run(const CpuRun& run) const override {
    kernels::PixelNorm(held_.At(run, 0), epsilon_, run.output, run.pool);
  }

 private:
  float epsilon_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const PixelNorm& op, const BindContext& context) {
  return std::make_unique<CpuPixelNorm>(op.epsilon, context);
}

}  // namespace gan::core
