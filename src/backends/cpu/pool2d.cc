#include "kernels/pool2d.h"

#include "backends/cpu/held_parameters.h"
#include "backends/cpu/pool_kind.h"

namespace gan::core {
namespace {

class CpuPool2d : public CpuOp {
 public:
  CpuPool2d(const kernels::Pool2dParams& params, const BindContext& context)
      : params_(params), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  void Run(const CpuRun& run) const override {
    kernels::Pool2d(held_.At(run, 0), params_, run.output, run.pool);
  }

 private:
  kernels::Pool2dParams params_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Pool2d& op, const BindContext& context) {
  kernels::Pool2dParams params;
  params.kind = KernelKind(op.kind);
  params.kernel_h = op.kernel.h;
  params.kernel_w = op.kernel.w;
  params.stride_h = op.stride.h;
  params.stride_w = op.stride.w;
  params.padding = {op.padding.top, op.padding.left, op.padding.bottom, op.padding.right};
  params.count_padding = op.count_padding;
  return std::make_unique<CpuPool2d>(params, context);
}

}  // namespace gan::core
