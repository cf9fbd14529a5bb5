#include "kernels/transpose.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuTranspose : public CpuOp {
 public:
  CpuTranspose(const Transpose& op, const BindContext& context) : op_(op), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  void Run(const CpuRun& run) const override {
    kernels::Transpose(held_.At(run, 0), op_.order, run.output, run.pool);
  }

 private:
  Transpose op_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Transpose& op, const BindContext& context) {
  return std::make_unique<CpuTranspose>(op, context);
}

}  // namespace gan::core
