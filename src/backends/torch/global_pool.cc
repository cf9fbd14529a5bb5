#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const GlobalPool& op, Arguments in) {
  switch (op.kind) {
    case PoolKind::kMax: return at::amax(in[0], {2, 3}, /*keepdim=*/true);
    case PoolKind::kAverage: return at::mean(in[0], {2, 3}, /*keepdim=*/true);
  }
  GAN_ASSERT(false);
  return {};
}

}  // namespace gan::core::torch_backend
