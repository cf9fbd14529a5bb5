#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Reshape& op, Arguments in) {
  std::vector<int64_t> sizes{in[0].size(0)};
  sizes.insert(sizes.end(), op.sizes.begin(), op.sizes.end());
  return in[0].reshape(sizes);
}

}  // namespace gan::core::torch_backend
