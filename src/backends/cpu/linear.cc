#include "kernels/linear.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuLinear : public CpuOp {
 public:
  explicit CpuLinear(const BindContext& context) : held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  void Run(const CpuRun& run) const override {
    kernels::Linear(held_.At(run, 0), held_.At(run, 1), held_.At(run, 2), run.output, run.pool);
  }

 private:
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Linear&, const BindContext& context) {
  return std::make_unique<CpuLinear>(context);
}

}  // namespace gan::core
