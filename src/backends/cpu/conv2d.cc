#include "kernels/conv2d.h"

#include "backends/cpu/conv_params.h"
#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuConv2d : public CpuOp {
 public:
  CpuConv2d(const kernels::Conv2dParams& params, const BindContext& context)
      : filter_(kernels::PackConv2d(RequireParameter(Conv2d::kName, context, 1).view(), params)),
        held_(context, 1) {}

  uint64_t ParameterBytes() const override { return PackedBytes() + held_.bytes(); }
  uint64_t PackedBytes() const override { return filter_.taps.bytes(); }
  uint64_t WorkspaceBytes(std::span<const Shape> inputs, const Shape&, int threads) const override {
    return kernels::Conv2dWorkspaceBytes(inputs[0], filter_.shape, filter_.params, threads);
  }
  void Run(const CpuRun& run) const override {
    kernels::Conv2d(held_.At(run, 0), filter_, held_.At(run, 2), run.output, run.workspace,
                    run.pool);
  }

 private:
  kernels::Conv2dFilter filter_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Conv2d& op, const BindContext& context) {
  return std::make_unique<CpuConv2d>(KernelParams(op), context);
}

}  // namespace gan::core
