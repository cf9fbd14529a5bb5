#include "backends/cpu/held_parameters.h"

#include "base/error.h"

namespace gan::core {

HeldParameters::HeldParameters(const BindContext& context, size_t packed)
    : tensors_(context.parameters.size()) {
  for (size_t i = 0; i < tensors_.size(); ++i) {
    if (i != packed && context.parameters[i] != nullptr) tensors_[i] = *context.parameters[i];
  }
}

ConstTensorView HeldParameters::At(const CpuRun& run, size_t i) const {
  if (i >= tensors_.size()) return {};
  return tensors_[i].raw().data() != nullptr ? tensors_[i].view() : run.inputs[i];
}

uint64_t HeldParameters::bytes() const {
  uint64_t sum = 0;
  for (const Tensor& tensor : tensors_) sum += tensor.bytes();
  return sum;
}

const Tensor& RequireParameter(std::string_view op, const BindContext& context, size_t i) {
  if (context.parameters[i] == nullptr) {
    Fail(ErrorCode::kBadData, op, "wants input {} to be a weight, it is computed by the network",
         i);
  }
  return *context.parameters[i];
}

}  // namespace gan::core
