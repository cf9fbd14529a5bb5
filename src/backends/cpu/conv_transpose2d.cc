#include "kernels/conv_transpose2d.h"

#include "backends/cpu/conv_params.h"
#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuConvTranspose2d : public CpuOp {
 public:
  CpuConvTranspose2d(const kernels::ConvTranspose2dParams& params, const BindContext& context)
      : filter_(kernels::PackConvTranspose2d(
            RequireParameter(ConvTranspose2d::kName, context, 1).view(), params)),
        held_(context, 1) {}

  uint64_t ParameterBytes() const override { return PackedBytes() + held_.bytes(); }
  uint64_t PackedBytes() const override {
    uint64_t bytes = 0;
    for (const auto& phase : filter_.phases) bytes += phase.taps.bytes();
    return bytes;
  }
  uint64_t WorkspaceBytes(std::span<const Shape> inputs, const Shape&, int threads) const override {
    return kernels::ConvTranspose2dWorkspaceBytes(inputs[0], filter_.shape, filter_.params,
                                                  threads);
  }
  void Run(const CpuRun& run) const override {
    kernels::ConvTranspose2d(held_.At(run, 0), filter_, held_.At(run, 2), run.output, run.workspace,
                             run.pool);
  }

 private:
  kernels::ConvTranspose2dFilter filter_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const ConvTranspose2d& op, const BindContext& context) {
  return std::make_unique<CpuConvTranspose2d>(KernelParams(op), context);
}

}  // namespace gan::core
