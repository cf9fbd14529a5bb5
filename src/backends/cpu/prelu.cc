#include "kernels/prelu.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuPrelu : public CpuOp {
 public:
  explicit CpuPrelu(const BindContext& context) : held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  bool MayOverwrite(size_t input) const override { return input == 0; }
  void Run(const CpuRun& run) const override {
    kernels::Prelu(held_.At(run, 0), held_.At(run, 1), run.output, run.pool);
  }

 private:
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Prelu&, const BindContext& context) {
  return std::make_unique<CpuPrelu>(context);
}

}  // namespace gan::core
