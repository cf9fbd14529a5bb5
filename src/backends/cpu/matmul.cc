#include "kernels/matmul.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuMatMul : public CpuOp {
 public:
  explicit CpuMatMul(const BindContext& context) : held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  uint64_t WorkspaceBytes(std::span<const Shape> inputs, const Shape&, int threads) const override {
    const Shape& a = inputs[0];
    return kernels::MatMulWorkspaceBytes(a[a.rank() - 1], threads);
  }
  void Run(const CpuRun& run) const override {
    kernels::MatMul(held_.At(run, 0), held_.At(run, 1), run.output, run.workspace, run.pool);
  }

 private:
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const MatMul&, const BindContext& context) {
  return std::make_unique<CpuMatMul>(context);
}

}  // namespace gan::core
