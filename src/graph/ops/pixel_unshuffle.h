// Moves space into channels, the inverse of pixel_shuffle.
#ifndef GAN_GRAPH_OPS_PIXEL_UNSHUFFLE_H_
#define GAN_GRAPH_OPS_PIXEL_UNSHUFFLE_H_

#include "graph/operand.h"

namespace gan::core {

// Input: x [N, C, H, W], H and W multiples of f. Output: [N, C f f, H / f, W / f].
struct PixelUnshuffle {
  static constexpr std::string_view kName = "pixel_unshuffle";
  int64_t factor = 2;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape>, const Shape&) const { return 0; }
  Window WindowOf(SpatialAxis) const { return {.num = factor, .high = factor - 1}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("factor", factor);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_PIXEL_UNSHUFFLE_H_
