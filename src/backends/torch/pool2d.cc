#include <limits>

#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {

at::Tensor Evaluate(const Pool2d& op, Arguments in) {
  const at::Tensor& x = in[0];
  const std::array<int64_t, 2> kernel = PairOf(op.kernel);
  const std::array<int64_t, 2> stride = PairOf(op.stride);
  // The padding is always a border of its own: ATen takes one number an axis.
  if (op.kind == PoolKind::kMax) {
    const double lowest = -std::numeric_limits<double>::infinity();
    return at::max_pool2d(PadWith(x, op.padding, lowest), kernel, stride);
  }
  const at::Tensor mean = at::avg_pool2d(PadWith(x, op.padding, 0), kernel, stride);
  if (op.count_padding) return mean;
  // Divided by the share of each window that is picture.
  const at::Tensor ones = at::ones({1, 1, x.size(2), x.size(3)}, x.options());
  return mean / at::avg_pool2d(PadWith(ones, op.padding, 0), kernel, stride);
}

}  // namespace gan::core::torch_backend
