// The same numbers under other sizes.
#ifndef GAN_GRAPH_OPS_RESHAPE_H_
#define GAN_GRAPH_OPS_RESHAPE_H_

#include <vector>

#include "graph/operand.h"

namespace gan::core {

// Input: x [N, ...], the axes behind the first constant. Output: [N, sizes...], as many elements.
struct Reshape {
  static constexpr std::string_view kName = "reshape";
  std::vector<int64_t> sizes;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape>, const Shape&) const { return 0; }
  Window WindowOf(SpatialAxis) const { return {.everything = true}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("sizes", sizes);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_RESHAPE_H_
