#include "kernels/upfirdn2d.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

kernels::Upfirdn2dParams ParamsOf(const Upfirdn2d& op) {
  return {.up = {op.up.h, op.up.w},
          .down = {op.down.h, op.down.w},
          .before = {op.padding.top, op.padding.left},
          .gain = op.gain};
}

class CpuUpfirdn2d : public CpuOp {
 public:
  CpuUpfirdn2d(const Upfirdn2d& op, const BindContext& context)
      : params_(ParamsOf(op)), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  uint64_t WorkspaceBytes(std::span<const Shape> inputs, const Shape& output,
                          int threads) const override {
    return kernels::Upfirdn2dWorkspaceBytes(inputs[1], output, params_, threads);
  }
  void Run(const CpuRun& run) const override {
    kernels::Upfirdn2d(held_.At(run, 0), held_.At(run, 1), params_, run.output, run.workspace,
                       run.pool);
  }

 private:
  kernels::Upfirdn2dParams params_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Upfirdn2d& op, const BindContext& context) {
  return std::make_unique<CpuUpfirdn2d>(op, context);
}

}  // namespace gan::core
