#include "kernels/pad2d.h"

#include <algorithm>

#include "backends/cpu/held_parameters.h"
#include "backends/cpu/pad_mode.h"

namespace gan::core {
namespace {

class CpuPad2d : public CpuOp {
 public:
  CpuPad2d(const Pad2d& op, const BindContext& context) : op_(op), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  void Run(const CpuRun& run) const override {
    const ConstTensorView x = held_.At(run, 0);
    const Padding2d& p = op_.padding;
    CheckBorder(op_.mode, p, x.shape[2], x.shape[3]);
    kernels::Pad2d(x, KernelMode(op_.mode), {p.top, p.left, p.bottom, p.right}, op_.value,
                   run.output, run.pool);
  }

 private:
  Pad2d op_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Pad2d& op, const BindContext& context) {
  return std::make_unique<CpuPad2d>(op, context);
}

}  // namespace gan::core
