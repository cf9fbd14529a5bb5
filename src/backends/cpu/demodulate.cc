#include "kernels/demodulate.h"

#include <utility>

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuDemodulate : public CpuOp {
 public:
  CpuDemodulate(Tensor squares, float epsilon, const BindContext& context)
      : squares_(std::move(squares)), epsilon_(epsilon), held_(context, /*packed=*/1) {}

  uint64_t ParameterBytes() const override { return squares_.bytes() + held_.bytes(); }
  void Run(const CpuRun& run) const override {
    kernels::Demodulate(held_.At(run, 0), squares_.view(), epsilon_, run.output, run.pool);
  }

 private:
  Tensor squares_;
  float epsilon_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Demodulate& op, const BindContext& context) {
  const Tensor& weight = RequireParameter(op.kName, context, 1);
  return std::make_unique<CpuDemodulate>(
      kernels::SquaresOfTaps(weight.view(), op.scale, op.transposed), op.epsilon, context);
}

}  // namespace gan::core
