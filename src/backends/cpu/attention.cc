#include "kernels/attention.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuAttention : public CpuOp {
 public:
  CpuAttention(float scale, const BindContext& context) : scale_(scale), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  uint64_t WorkspaceBytes(std::span<const Shape> inputs, const Shape&, int threads) const override {
    const Shape& keys = inputs[1];
    return kernels::AttentionWorkspaceBytes(keys[2] * keys[3], keys[1], threads);
  }
  void Run(const CpuRun& run) const override {
    kernels::Attention(held_.At(run, 0), held_.At(run, 1), held_.At(run, 2), scale_, run.output,
                       run.workspace, run.pool);
  }

 private:
  float scale_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Attention& op, const BindContext& context) {
  return std::make_unique<CpuAttention>(op.scale, context);
}

}  // namespace gan::core
