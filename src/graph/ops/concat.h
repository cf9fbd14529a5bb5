// Joins tensors along their channels.
#ifndef GAN_GRAPH_OPS_CONCAT_H_
#define GAN_GRAPH_OPS_CONCAT_H_

#include "graph/operand.h"

namespace gan::core {

// Inputs: at least one [N, C_i, ...], equal but for C_i. Output: [N, sum C_i, ...].
struct Concat {
  static constexpr std::string_view kName = "concat";

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape>, const Shape&) const { return 0; }
  Window WindowOf(SpatialAxis) const { return {}; }

  template <class Visit>
  void VisitAttributes(Visit&&) const {}
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_CONCAT_H_
