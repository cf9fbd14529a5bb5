#include "kernels/batch_norm.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

class CpuBatchNorm : public CpuOp {
 public:
  CpuBatchNorm(const kernels::BatchNormTerms& terms, const BindContext& context)
      : channels_(kernels::FoldBatchNorm(terms)), held_(context) {}

  uint64_t ParameterBytes() const override {
    return channels_.scale.bytes() + channels_.shift.bytes();
  }
  bool MayOverwrite(size_t input) const override { return input == 0; }
  void Run(const CpuRun& run) const override {
    kernels::BatchNorm(held_.At(run, 0), channels_, run.output, run.pool);
  }

 private:
  kernels::ChannelAffine channels_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const BatchNorm& op, const BindContext& context) {
  const size_t inputs = context.parameters.size(), mean = BatchNorm::MeanIndex(inputs);
  const auto term = [&](size_t i) { return RequireParameter(op.kName, context, i).view(); };
  kernels::BatchNormTerms terms{.mean = term(mean), .variance = term(mean + 1)};
  if (mean == 3) terms.weight = term(1), terms.bias = term(2);
  terms.epsilon = op.epsilon;
  // Only x is left to hold, if it is a parameter: the others are in the folded numbers.
  const BindContext rest{context.parameters.first(1)};
  return std::make_unique<CpuBatchNorm>(terms, rest);
}

}  // namespace gan::core
