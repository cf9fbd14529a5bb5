// The weights that an op keeps as they are, beside the inputs that each run brings.
#ifndef GAN_BACKENDS_CPU_HELD_PARAMETERS_H_
#define GAN_BACKENDS_CPU_HELD_PARAMETERS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "backends/cpu/cpu_op.h"

namespace gan::core {

class HeldParameters {
 public:
  static constexpr size_t kNone = static_cast<size_t>(-1);

  // Keeps every parameter among the inputs but the one at position `packed`.
  explicit HeldParameters(const BindContext& context, size_t packed = kNone);

  // Input i of a run: the parameter where it is one, a view of no memory where i is past the end.
  ConstTensorView At(const CpuRun& run, size_t i) const;
  uint64_t bytes() const;

 private:
  std::vector<Tensor> tensors_;  // by input position; no memory where a run brings the input
};

// The parameter at input i, which is to be packed. Error kBadData when a result stands there: such
// networks are not supported.
const Tensor& RequireParameter(std::string_view op, const BindContext& context, size_t i);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_HELD_PARAMETERS_H_
