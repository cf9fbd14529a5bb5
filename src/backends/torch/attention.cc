#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Attention& op, Arguments in) {
  const at::Tensor &q = in[0], &v = in[2];
  const at::Tensor scores = at::bmm(q.flatten(2).transpose(1, 2) * op.scale, in[1].flatten(2));
  const at::Tensor shares = at::softmax(scores, -1);  // [N, H * W, h * w]
  return at::bmm(v.flatten(2), shares.transpose(1, 2))
      .reshape({q.size(0), v.size(1), q.size(2), q.size(3)});
}

}  // namespace gan::core::torch_backend
