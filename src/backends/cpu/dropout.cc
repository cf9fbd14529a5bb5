#include "backends/cpu/held_parameters.h"
#include "kernels/copy.h"

namespace gan::core {
namespace {

// Nothing is left out when a network is run: at most a copy.
class CpuDropout : public CpuOp {
 public:
  explicit CpuDropout(const BindContext& context) : held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  bool MayOverwrite(size_t) const override { return true; }
  void Run(const CpuRun& run) const override {
    const ConstTensorView x = held_.At(run, 0);
    if (x.data != run.output.data) kernels::Copy(x, run.output, run.pool);
  }

 private:
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Dropout&, const BindContext& context) {
  return std::make_unique<CpuDropout>(context);
}

}  // namespace gan::core
