#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Concat&, Arguments in) {
  return at::cat(at::TensorList(in.data(), in.size()), 1);
}

}  // namespace gan::core::torch_backend
