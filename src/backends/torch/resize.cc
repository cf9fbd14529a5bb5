#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {
namespace {

// One axis: `in` pixels become `out`, scale = num / den.
struct Axis {
  int64_t in, out, num, den;
};

// The rows or columns of the input that nearest neighbours copy. Whole numbers throughout: ATen
// multiplies by a rounded 1 / scale, which at some scales lands one pixel off.
at::Tensor NearestIndices(const Axis& axis, ResizeCoordinates coordinates) {
  std::vector<int64_t> index(static_cast<size_t>(axis.out));
  for (int64_t o = 0; o < axis.out; ++o) {
    int64_t from = o * axis.den / axis.num;
    if (coordinates == ResizeCoordinates::kHalfPixel) {
      from = (2 * o + 1) * axis.den / (2 * axis.num);
    } else if (coordinates == ResizeCoordinates::kAlignCorners) {
      const int64_t steps = std::max<int64_t>(axis.out - 1, 1);
      from = (2 * o * (axis.in - 1) + steps) / (2 * steps);
    }
    index[static_cast<size_t>(o)] = std::min(from, axis.in - 1);
  }
  return at::tensor(index, at::kLong);
}

// The weights of the four pixels around a position that lies `t` past the second of them.
// (Keys 1981, cubic convolution, with PyTorch's a = -0.75.)
std::array<double, 4> CubicWeights(double t) {
  constexpr double a = -0.75;
  const auto near = [](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
  const auto far = [](double d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
  return {far(1 + t), near(t), near(1 - t), far(2 - t)};
}

// [out, in]: row o holds what output pixel o takes of each input pixel, for o / scale.
at::Tensor AsymmetricWeights(const Axis& axis, ResizeMode mode) {
  at::Tensor weights = at::zeros({axis.out, axis.in}, at::kDouble);
  auto w = weights.accessor<double, 2>();
  for (int64_t o = 0; o < axis.out; ++o) {
    const int64_t base = o * axis.den / axis.num;
    const double t = static_cast<double>(o * axis.den % axis.num) / static_cast<double>(axis.num);
    const auto add = [&](int64_t at, double weight) {
      w[o][std::clamp<int64_t>(at, 0, axis.in - 1)] += weight;
    };
    if (mode == ResizeMode::kBilinear) {
      add(base, 1 - t), add(base + 1, t);
    } else {
      const std::array<double, 4> taps = CubicWeights(t);
      for (int64_t k = 0; k < 4; ++k) add(base + k - 1, taps[static_cast<size_t>(k)]);
    }
  }
  return weights;
}

at::Tensor Nearest(const at::Tensor& x, const Axis& h, const Axis& w, ResizeCoordinates rule) {
  const auto exact = [](const Axis& a) {
    return a.num % a.den == 0 && std::has_single_bit(static_cast<uint64_t>(a.num / a.den));
  };
  if (rule == ResizeCoordinates::kAsymmetric && exact(h) && exact(w)) {
    return at::upsample_nearest2d(x, {h.out, w.out});
  }
  return x.index_select(2, NearestIndices(h, rule).to(x.device()))
      .index_select(3, NearestIndices(w, rule).to(x.device()));
}

}  // namespace

at::Tensor Evaluate(const Resize& op, Arguments in) {
  const at::Tensor& x = in[0];
  const Axis h{x.size(2), x.size(2) * op.num.h / op.den.h, op.num.h, op.den.h};
  const Axis w{x.size(3), x.size(3) * op.num.w / op.den.w, op.num.w, op.den.w};
  if (op.mode == ResizeMode::kNearest) return Nearest(x, h, w, op.coordinates);
  if (op.coordinates == ResizeCoordinates::kAsymmetric) {
    // Not among ATen's: weights as matrices, down and then across.
    return at::matmul(at::matmul(AsymmetricWeights(h, op.mode).to(x.options()), x),
                      AsymmetricWeights(w, op.mode).t().to(x.options()));
  }
  const bool align = op.coordinates == ResizeCoordinates::kAlignCorners;
  const double scale_h = static_cast<double>(op.num.h) / static_cast<double>(op.den.h);
  const double scale_w = static_cast<double>(op.num.w) / static_cast<double>(op.den.w);
  return op.mode == ResizeMode::kBilinear
             ? at::upsample_bilinear2d(x, {h.out, w.out}, align, scale_h, scale_w)
             : at::upsample_bicubic2d(x, {h.out, w.out}, align, scale_h, scale_w);
}

}  // namespace gan::core::torch_backend
