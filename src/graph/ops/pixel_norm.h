// Brings each pixel's features to a mean square of 1. (Karras et al. 2018, "Progressive growing of
// GANs")
#ifndef GAN_GRAPH_OPS_PIXEL_NORM_H_
#define GAN_GRAPH_OPS_PIXEL_NORM_H_

#include "graph/operand.h"

namespace gan::core {

// Input: x [N, C, ...]. Output: x / sqrt(mean over C of x * x + epsilon), of x's shape.
struct PixelNorm {
  static constexpr std::string_view kName = "pixel_norm";
  float epsilon = 1e-8f;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("epsilon", epsilon);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_PIXEL_NORM_H_
