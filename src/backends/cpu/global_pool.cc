#include "kernels/global_pool.h"

#include "backends/cpu/held_parameters.h"
#include "backends/cpu/pool_kind.h"

namespace gan::core {
namespace {

class CpuGlobalPool : public CpuOp {
 public:
  CpuGlobalPool(PoolKind kind, const BindContext& context)
      : kind_(KernelKind(kind)), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  void Run(const CpuRun& run) const override {
    kernels::GlobalPool(held_.At(run, 0), kind_, run.output, run.pool);
  }

 private:
  kernels::PoolKind kind_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const GlobalPool& op, const BindContext& context) {
  return std::make_unique<CpuGlobalPool>(op.kind, context);
}

}  // namespace gan::core
