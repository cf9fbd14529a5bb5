#include "backends/cpu/held_parameters.h"
#include "kernels/copy.h"

namespace gan::core {
namespace {

class CpuReshape : public CpuOp {
 public:
  explicit CpuReshape(const BindContext& context) : held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  bool MayOverwrite(size_t) const override { return true; }
  void Run(const CpuRun& run) const override {
    ConstTensorView x = held_.At(run, 0);
    if (x.data == run.output.data) return;
    x = ConstTensorView(x.data, x.dtype, run.output.shape);
    kernels::Copy(x, run.output, run.pool);
  }

 private:
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Reshape&, const BindContext& context) {
  return std::make_unique<CpuReshape>(context);
}

}  // namespace gan::core
