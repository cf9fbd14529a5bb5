#include "kernels/concat.h"

#include <vector>

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuConcat : public CpuOp {
 public:
  explicit CpuConcat(const BindContext& context) : held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  void Run(const CpuRun& run) const override {
    std::vector<ConstTensorView> parts;
    for (size_t i = 0; i < run.inputs.size(); ++i) parts.push_back(held_.At(run, i));
    kernels::Concat(parts, 1, run.output, run.pool);
  }

 private:
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Concat&, const BindContext& context) {
  return std::make_unique<CpuConcat>(context);
}

}  // namespace gan::core
