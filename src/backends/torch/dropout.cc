#include "backends/torch/training.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Dropout&, Arguments in) { return in[0]; }

at::Tensor Train(const Dropout& op, Arguments in, const RunOptions& options) {
  const at::Tensor& x = in[0];
  if (op.probability == 0) return x;
  std::vector<int64_t> sizes(x.sizes().begin(), x.sizes().end());
  if (op.channels) std::fill(sizes.begin() + 2, sizes.end(), 1);
  const double kept = 1.0 - double{op.probability};
  at::Tensor mask = at::empty(sizes, x.options().requires_grad(false));
  mask.bernoulli_(kept, options.generator).div_(kept);
  return x * mask;
}

}  // namespace gan::core::torch_backend
