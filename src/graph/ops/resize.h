// Resamples pictures, with the sample positions of PyTorch's interpolate.
#ifndef GAN_GRAPH_OPS_RESIZE_H_
#define GAN_GRAPH_OPS_RESIZE_H_

#include "graph/operand.h"

namespace gan::core {

enum class ResizeMode { kNearest, kBilinear, kBicubic };  // bicubic: a = -0.75
std::string_view NameOf(ResizeMode mode);

// Where output pixel o lies in the input, for scale s = out / in.
enum class ResizeCoordinates {
  kAsymmetric,    // o / s (what nearest uses)
  kHalfPixel,     // (o + 0.5) / s - 0.5
  kAlignCorners,  // o (in - 1) / (out - 1)
};
std::string_view NameOf(ResizeCoordinates coordinates);

// Input: x [N, C, H, W]. Output: [N, C, floor(H num.h / den.h), floor(W num.w / den.w)].
struct Resize {
  static constexpr std::string_view kName = "resize";
  ResizeMode mode = ResizeMode::kNearest;
  ResizeCoordinates coordinates = ResizeCoordinates::kAsymmetric;
  Size2d num;
  Size2d den;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis axis) const;

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("mode", NameOf(mode)), visit("coordinates", NameOf(coordinates));
    visit("num", num), visit("den", den);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_RESIZE_H_
