// The same numbers with their axes in another order.
#ifndef GAN_GRAPH_OPS_TRANSPOSE_H_
#define GAN_GRAPH_OPS_TRANSPOSE_H_

#include <vector>

#include "graph/operand.h"

namespace gan::core {

// Input: x [N, ...], the axes behind the first constant. Output: axis i is axis order[i] of x. The
// first axis stays.
struct Transpose {
  static constexpr std::string_view kName = "transpose";
  std::vector<int64_t> order;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape>, const Shape&) const { return 0; }
  Window WindowOf(SpatialAxis) const { return {.everything = true}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("order", order);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_TRANSPOSE_H_
