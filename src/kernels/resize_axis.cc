#include <algorithm>

#include "base/error.h"
#include "kernels/resize.h"

namespace gan::core::kernels {
namespace {

// A position num / den in input pixels, den > 0.
struct Position {
  int64_t num = 0, den = 1;
};

Position PositionOf(ResizeCoordinates coordinates, int64_t o, int64_t num, int64_t den, int64_t in,
                    int64_t out) {
  switch (coordinates) {
    case ResizeCoordinates::kAsymmetric: return {o * den, num};
    case ResizeCoordinates::kHalfPixel: return {(2 * o + 1) * den - num, 2 * num};
    case ResizeCoordinates::kAlignCorners:
      return out == 1 ? Position{} : Position{o * (in - 1), out - 1};
  }
  return {};
}

int64_t Floor(const Position& p) { return p.num / p.den - (p.num % p.den < 0 ? 1 : 0); }

// Keys 1981, "Cubic convolution interpolation": near for distances up to 1, far for 1 to 2.
constexpr double kA = -0.75;
double CubicNear(double x) { return ((kA + 2) * x - (kA + 3)) * x * x + 1; }
double CubicFar(double x) { return ((kA * x - 5 * kA) * x + 8 * kA) * x - 4 * kA; }

void AddTaps(ResizeAxis& axis, int64_t first, std::initializer_list<double> weights, int64_t in) {
  for (const double weight : weights) {
    axis.index.push_back(std::clamp<int64_t>(first++, 0, in - 1));
    axis.weight.push_back(static_cast<float>(weight));
  }
}

}  // namespace

ResizeAxis MakeResizeAxis(ResizeMode mode, ResizeCoordinates coordinates, int64_t num, int64_t den,
                          int64_t in, int64_t out) {
  GAN_ASSERT(num > 0 && den > 0 && in > 0);
  ResizeAxis axis;
  axis.taps = mode == ResizeMode::kNearest ? 1 : mode == ResizeMode::kBilinear ? 2 : 4;
  for (int64_t o = 0; o < out; ++o) {
    Position position = PositionOf(coordinates, o, num, den, in, out);
    if (mode == ResizeMode::kNearest && coordinates != ResizeCoordinates::kAsymmetric) {
      position = {2 * position.num + position.den, 2 * position.den};  // half a pixel further
    }
    if (mode == ResizeMode::kBilinear) position.num = std::max<int64_t>(0, position.num);
    const int64_t first = Floor(position);
    const double t = static_cast<double>(position.num - first * position.den) /
                     static_cast<double>(position.den);
    switch (mode) {
      case ResizeMode::kNearest: AddTaps(axis, first, {1.0}, in); break;
      case ResizeMode::kBilinear: AddTaps(axis, first, {1 - t, t}, in); break;
      case ResizeMode::kBicubic:
        AddTaps(axis, first - 1, {CubicFar(t + 1), CubicNear(t), CubicNear(1 - t), CubicFar(2 - t)},
                in);
        break;
    }
  }
  return axis;
}

}  // namespace gan::core::kernels
