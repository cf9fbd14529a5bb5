#include "kernels/pixel_shuffle.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuPixelShuffle : public CpuOp {
 public:
  CpuPixelShuffle(const PixelShuffle& op, const BindContext& context) : op_(op), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  void Run(const CpuRun& run) const override {
    kernels::PixelShuffle(held_.At(run, 0), op_.factor, run.output, run.pool);
  }

 private:
  PixelShuffle op_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const PixelShuffle& op, const BindContext& context) {
  return std::make_unique<CpuPixelShuffle>(op, context);
}

}  // namespace gan::core
