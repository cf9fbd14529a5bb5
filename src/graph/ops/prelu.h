// Parametric ReLU (He et al. 2015, "Delving deep into rectifiers").
#ifndef GAN_GRAPH_OPS_PRELU_H_
#define GAN_GRAPH_OPS_PRELU_H_

#include "graph/operand.h"

namespace gan::core {

// Inputs: x [N, C, ...], slope [C] or [1]. Output: x < 0 ? slope x : x.
struct Prelu {
  static constexpr std::string_view kName = "prelu";

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {}; }

  template <class Visit>
  void VisitAttributes(Visit&&) const {}
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_PRELU_H_
