#include "kernels/affine.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuAffine : public CpuOp {
 public:
  CpuAffine(const Affine& op, const BindContext& context) : op_(op), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  bool MayOverwrite(size_t) const override { return true; }
  void Run(const CpuRun& run) const override {
    kernels::Affine(held_.At(run, 0), op_.scale, op_.shift, run.output, run.pool);
  }

 private:
  Affine op_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Affine& op, const BindContext& context) {
  return std::make_unique<CpuAffine>(op, context);
}

}  // namespace gan::core
