// Products of matrices that both may be computed, many side by side.
#ifndef GAN_GRAPH_OPS_MATMUL_H_
#define GAN_GRAPH_OPS_MATMUL_H_

#include "graph/operand.h"

namespace gan::core {

// Inputs: a [N, ..., M, K], b [N, ..., K, P], the axes behind the first constant. Output:
// [N, ..., M, P]. The axes in front are alike, or 1 in one of both, which then stands for all.
struct MatMul {
  static constexpr std::string_view kName = "matmul";

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {.everything = true}; }

  template <class Visit>
  void VisitAttributes(Visit&&) const {}
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_MATMUL_H_
