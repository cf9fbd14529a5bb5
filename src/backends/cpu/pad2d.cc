#include "kernels/pad2d.h"

#include <algorithm>

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

kernels::PadMode KernelMode(PadMode mode) {
  switch (mode) {
    case PadMode::kConstant: return kernels::PadMode::kConstant;
    case PadMode::kReflect: return kernels::PadMode::kReflect;
    case PadMode::kReplicate: return kernels::PadMode::kReplicate;
  }
  GAN_ASSERT(false);
  return {};
}

class CpuPad2d : public CpuOp {
 public:
  CpuPad2d(const Pad2d& op, const BindContext& context) : op_(op), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  void Run(const CpuRun& run) const override {
    const ConstTensorView x = held_.At(run, 0);
    const Padding2d& p = op_.padding;
    // The shape rule cannot know: sizes are symbols when the graph is built.
    if (op_.mode == PadMode::kReflect &&
        (std::max(p.top, p.bottom) >= x.shape[2] || std::max(p.left, p.right) >= x.shape[3])) {
      Fail(ErrorCode::kBadData, Pad2d::kName,
           "cannot reflect {} beyond its own size by {},{},{},{}; the picture is too small",
           x.shape.ToString(), p.top, p.left, p.bottom, p.right);
    }
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
