// 2-D convolution (cross-correlation, as every framework has it).
#ifndef GAN_GRAPH_OPS_CONV2D_H_
#define GAN_GRAPH_OPS_CONV2D_H_

#include "graph/operand.h"

namespace gan::core {

// Inputs: x [N, I, H, W], weight [O, I/groups, kh, kw], optional bias [O]. Zero padding.
// Output: [N, O, (H + top + bottom - dilation (kh - 1) - 1) / stride + 1, ...].
struct Conv2d {
  static constexpr std::string_view kName = "conv2d";
  Size2d kernel;
  Size2d stride;
  Size2d dilation;
  Padding2d padding;
  int64_t groups = 1;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis axis) const;

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("kernel", kernel), visit("stride", stride), visit("dilation", dilation);
    visit("padding", padding), visit("groups", groups);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_CONV2D_H_
