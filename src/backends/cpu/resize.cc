#include "kernels/resize.h"

#include "backends/cpu/held_parameters.h"
#include "backends/cpu/resize_params.h"

namespace gan::core {
namespace {

class CpuResize : public CpuOp {
 public:
  CpuResize(const kernels::ResizeParams& params, const BindContext& context)
      : params_(params), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  uint64_t WorkspaceBytes(std::span<const Shape> inputs, const Shape&, int threads) const override {
    return kernels::ResizeWorkspaceBytes(inputs[0][3], threads);
  }
  void Run(const CpuRun& run) const override {
    kernels::Resize(held_.At(run, 0), params_, run.output, run.workspace, run.pool);
  }

 private:
  kernels::ResizeParams params_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Resize& op, const BindContext& context) {
  return std::make_unique<CpuResize>(KernelParams(op), context);
}

}  // namespace gan::core
