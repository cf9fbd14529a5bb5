#include "kernels/binary.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

kernels::BinaryKind KernelKind(BinaryKind kind) {
  switch (kind) {
    case BinaryKind::kAdd: return kernels::BinaryKind::kAdd;
    case BinaryKind::kSubtract: return kernels::BinaryKind::kSub;
    case BinaryKind::kMultiply: return kernels::BinaryKind::kMul;
    case BinaryKind::kDivide: return kernels::BinaryKind::kDiv;
    case BinaryKind::kMaximum: return kernels::BinaryKind::kMax;
    case BinaryKind::kMinimum: return kernels::BinaryKind::kMin;
  }
  GAN_ASSERT(false);
  return {};
}

class CpuBinary : public CpuOp {
 public:
  CpuBinary(BinaryKind kind, const BindContext& context)
      : kind_(KernelKind(kind)), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  bool MayOverwrite(size_t) const override { return true; }
  void Run(const CpuRun& run) const override {
    kernels::Binary(held_.At(run, 0), held_.At(run, 1), kind_, run.output, run.pool);
  }

 private:
  kernels::BinaryKind kind_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Binary& op, const BindContext& context) {
  return std::make_unique<CpuBinary>(op.kind, context);
}

}  // namespace gan::core
