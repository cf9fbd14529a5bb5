// Cuts a piece out along one axis.
#ifndef GAN_GRAPH_OPS_SLICE_H_
#define GAN_GRAPH_OPS_SLICE_H_

#include "graph/operand.h"

namespace gan::core {

// Input: x. Output: elements [begin, size - end_margin) of `axis`, the other axes whole. Counting
// the end from the end lets one graph crop pictures of every size.
struct Slice {
  static constexpr std::string_view kName = "slice";
  int64_t axis = 1;
  int64_t begin = 0;
  int64_t end_margin = 0;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape>, const Shape&) const { return 0; }
  Window WindowOf(SpatialAxis along) const;

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("axis", axis), visit("begin", begin), visit("end_margin", end_margin);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_SLICE_H_
