#include "kernels/pixel_unshuffle.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuPixelUnshuffle : public CpuOp {
 public:
  CpuPixelUnshuffle(const PixelUnshuffle& op, const BindContext& context)
      : op_(op), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  void Run(const CpuRun& run) const override {
    kernels::PixelUnshuffle(held_.At(run, 0), op_.factor, run.output, run.pool);
  }

 private:
  PixelUnshuffle op_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const PixelUnshuffle& op, const BindContext& context) {
  return std::make_unique<CpuPixelUnshuffle>(op, context);
}

}  // namespace gan::core
