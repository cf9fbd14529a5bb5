// Moves channels into space (Shi et al. 2016, sub-pixel convolution).
#ifndef GAN_GRAPH_OPS_PIXEL_SHUFFLE_H_
#define GAN_GRAPH_OPS_PIXEL_SHUFFLE_H_

#include "graph/operand.h"

namespace gan::core {

// Input: x [N, C f f, H, W]. Output: [N, C, H f, W f].
struct PixelShuffle {
  static constexpr std::string_view kName = "pixel_shuffle";
  int64_t factor = 2;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape>, const Shape&) const { return 0; }
  Window WindowOf(SpatialAxis) const { return {.den = factor}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("factor", factor);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_PIXEL_SHUFFLE_H_
