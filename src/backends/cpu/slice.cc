#include "kernels/slice.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuSlice : public CpuOp {
 public:
  CpuSlice(const Slice& op, const BindContext& context) : op_(op), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  void Run(const CpuRun& run) const override {
    kernels::Slice(held_.At(run, 0), static_cast<size_t>(op_.axis), op_.begin, run.output,
                   run.pool);
  }

 private:
  Slice op_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Slice& op, const BindContext& context) {
  return std::make_unique<CpuSlice>(op, context);
}

}  // namespace gan::core
