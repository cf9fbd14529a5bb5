#include "kernels/group_norm.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuGroupNorm : public CpuOp {
 public:
  CpuGroupNorm(const GroupNorm& op, const BindContext& context) : op_(op), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  uint64_t WorkspaceBytes(std::span<const Shape> inputs, const Shape&, int) const override {
    return kernels::GroupNormWorkspaceBytes(inputs[0]);
  }
  bool MayOverwrite(size_t input) const override { return input == 0; }
  void Run(const CpuRun& run) const override {
    kernels::GroupNormParams params{.groups = op_.groups, .epsilon = op_.epsilon};
    if (run.inputs.size() == 3) params.weight = held_.At(run, 1), params.bias = held_.At(run, 2);
    kernels::GroupNorm(held_.At(run, 0), params, run.output, run.workspace, run.pool);
  }

 private:
  GroupNorm op_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const GroupNorm& op, const BindContext& context) {
  return std::make_unique<CpuGroupNorm>(op, context);
}

}  // namespace gan::core
