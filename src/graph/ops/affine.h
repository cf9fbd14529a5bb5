// Multiplies by one number and adds another.
#ifndef GAN_GRAPH_OPS_AFFINE_H_
#define GAN_GRAPH_OPS_AFFINE_H_

#include "graph/operand.h"

namespace gan::core {

// Input: x, any shape. Output: x * scale + shift.
struct Affine {
  static constexpr std::string_view kName = "affine";
  float scale = 1;
  float shift = 0;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("scale", scale), visit("shift", shift);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_AFFINE_H_
