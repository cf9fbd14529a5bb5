#include "graph/ops/resize.h"

namespace gan::core {

std::string_view NameOf(ResizeMode mode) {
  switch (mode) {
    case ResizeMode::kNearest: return "nearest";
    case ResizeMode::kBilinear: return "bilinear";
    case ResizeMode::kBicubic: return "bicubic";
  }
  GAN_ASSERT(false);
  return "";
}

std::string_view NameOf(ResizeCoordinates coordinates) {
  switch (coordinates) {
    case ResizeCoordinates::kAsymmetric: return "asymmetric";
    case ResizeCoordinates::kHalfPixel: return "half_pixel";
    case ResizeCoordinates::kAlignCorners: return "align_corners";
  }
  GAN_ASSERT(false);
  return "";
}

SymbolicShape Resize::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  in.RequireRank(0, 4);
  in.RequireSize("scale", num);
  in.RequireSize("scale", den);
  const SymbolicShape& x = in.shape(0);
  SymbolicShape out{x[0], x[1], x[2].Apply(num.h, 0, den.h), x[3].Apply(num.w, 0, den.w)};
  for (const Dim& dim : out) {
    if (dim.IsConstant() && dim.constant() < 1) {
      in.FailAt(0, "{} is resized to nothing", ToString(x));
    }
  }
  return out;
}

double Resize::MultiplyAdds(std::span<const Shape>, const Shape& out) const {
  const double taps = mode == ResizeMode::kNearest ? 0 : mode == ResizeMode::kBilinear ? 4 : 16;
  return static_cast<double>(out.elements()) * taps;
}

Window Resize::WindowOf(SpatialAxis axis) const {
  // With corners aligned the position of a pixel depends on the size of the whole picture.
  if (coordinates == ResizeCoordinates::kAlignCorners) return {.everything = true};
  const bool vertical = axis == SpatialAxis::kHeight;
  const int64_t n = vertical ? num.h : num.w;
  const int64_t d = vertical ? den.h : den.w;
  // Position = (2 o d + shift) / (2 n) with shift = d - n for half pixels, and half a pixel more
  // where it is then rounded to the nearest.
  const bool half = coordinates == ResizeCoordinates::kHalfPixel;
  const int64_t shift = !half ? 0 : mode == ResizeMode::kNearest ? d : d - n;
  const int64_t before = mode == ResizeMode::kBicubic ? 1 : 0;
  const int64_t after = mode == ResizeMode::kNearest ? 0 : mode == ResizeMode::kBilinear ? 1 : 2;
  return {.num = 2 * d, .den = 2 * n, .low = shift - before * 2 * n, .high = shift + after * 2 * n};
}

}  // namespace gan::core
