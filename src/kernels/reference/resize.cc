#include "kernels/resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {
namespace {

double PositionOf(ResizeCoordinates coordinates, int64_t o, double scale, int64_t in, int64_t out) {
  const auto at = static_cast<double>(o);
  switch (coordinates) {
    case ResizeCoordinates::kAsymmetric: return at / scale;
    case ResizeCoordinates::kHalfPixel: return (at + 0.5) / scale - 0.5;
    case ResizeCoordinates::kAlignCorners:
      return out == 1 ? 0 : at * static_cast<double>(in - 1) / static_cast<double>(out - 1);
  }
  return 0;
}

// The share of a pixel at this distance from the position.
double Kernel(ResizeMode mode, double distance) {
  const double x = std::abs(distance), a = -0.75;
  if (mode == ResizeMode::kBilinear) return std::max(0.0, 1 - x);
  if (x <= 1) return (a + 2) * x * x * x - (a + 3) * x * x + 1;
  return x < 2 ? a * x * x * x - 5 * a * x * x + 8 * a * x - 4 * a : 0;
}

struct Share {
  int64_t pixel = 0;
  double weight = 0;
};

// The pixels that make up output o along an axis of `in` pixels. Positions are nudged by less than
// any fraction of sizes that occurs, so that rounding does not move a whole number below itself.
std::vector<Share> SharesOf(const ResizeParams& params, double scale, int64_t o, int64_t in,
                            int64_t out) {
  constexpr double kNudge = 1e-9;
  const double position = PositionOf(params.coordinates, o, scale, in, out);
  const auto clamp = [&](int64_t pixel) { return std::clamp<int64_t>(pixel, 0, in - 1); };
  if (params.mode == ResizeMode::kNearest) {
    const bool down = params.coordinates == ResizeCoordinates::kAsymmetric;
    const double rounded = std::floor(position + kNudge + (down ? 0 : 0.5));
    return {{clamp(static_cast<int64_t>(rounded)), 1.0}};
  }
  std::vector<Share> shares;
  const auto first = static_cast<int64_t>(std::floor(position + kNudge));
  for (int64_t pixel = first - 1; pixel <= first + 2; ++pixel) {
    const double weight = Kernel(params.mode, position - static_cast<double>(pixel));
    shares.push_back({clamp(pixel), weight});
  }
  return shares;
}

}  // namespace

void Resize(const ConstTensorView& x, const ResizeParams& params, const TensorView& out) {
  const double scale_h = static_cast<double>(params.num_h) / static_cast<double>(params.den_h);
  const double scale_w = static_cast<double>(params.num_w) / static_cast<double>(params.den_w);
  ForEachElement(out.shape, [&](const Index& index) {
    double sum = 0;
    for (const Share& down : SharesOf(params, scale_h, index[2], x.shape[2], out.shape[2])) {
      for (const Share& across : SharesOf(params, scale_w, index[3], x.shape[3], out.shape[3])) {
        const double weight = down.weight * across.weight;
        if (weight != 0) sum += weight * At(x, {index[0], index[1], down.pixel, across.pixel});
      }
    }
    At(out, index) = static_cast<float>(sum);
  });
}

}  // namespace gan::core::kernels::reference
