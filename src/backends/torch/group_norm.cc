#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const GroupNorm& op, Arguments in) {
  const bool affine = in.size() == 3;
  return at::group_norm(in[0], op.groups, affine ? in[1] : at::Tensor(),
                        affine ? in[2] : at::Tensor(), op.epsilon, at::hasCUDA());
}

}  // namespace gan::core::torch_backend
