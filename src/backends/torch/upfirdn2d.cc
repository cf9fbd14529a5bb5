#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {
namespace {

// up - 1 zeros behind each pixel.
at::Tensor Enlarge(const at::Tensor& x, const Size2d& up) {
  const at::Tensor spread = x.reshape({x.size(0), x.size(1), x.size(2), 1, x.size(3), 1});
  return at::constant_pad_nd(spread, {0, up.w - 1, 0, 0, 0, up.h - 1})
      .reshape({x.size(0), x.size(1), x.size(2) * up.h, x.size(3) * up.w});
}

}  // namespace

at::Tensor Evaluate(const Upfirdn2d& op, Arguments in) {
  const at::Tensor x = PadWith(Enlarge(in[0], op.up), op.padding, 0);
  const int64_t channels = x.size(1);
  const at::Tensor flipped = (in[1] * op.gain).flip({0, 1});
  const at::Tensor filters =
      flipped.reshape({1, 1, op.filter.h, op.filter.w}).expand({channels, 1, -1, -1});
  const std::array<int64_t, 2> none{0, 0}, dense{1, 1};
  return at::conv2d(x, filters, at::Tensor(), PairOf(op.down), none, dense, channels);
}

}  // namespace gan::core::torch_backend
