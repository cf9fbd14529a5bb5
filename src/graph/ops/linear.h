// A fully connected layer.
#ifndef GAN_GRAPH_OPS_LINEAR_H_
#define GAN_GRAPH_OPS_LINEAR_H_

#include "graph/operand.h"

namespace gan::core {

// Inputs: x [N, I], weight [O, I], optional bias [O]. Output: [N, O].
struct Linear {
  static constexpr std::string_view kName = "linear";

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {.everything = true}; }

  template <class Visit>
  void VisitAttributes(Visit&&) const {}
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_LINEAR_H_
