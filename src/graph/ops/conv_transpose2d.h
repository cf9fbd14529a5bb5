// 2-D transposed convolution: the gradient of conv2d with respect to its input.
#ifndef GAN_GRAPH_OPS_CONV_TRANSPOSE2D_H_
#define GAN_GRAPH_OPS_CONV_TRANSPOSE2D_H_

#include "graph/operand.h"

namespace gan::core {

// Inputs: x [N, I, H, W], weight [I, O/groups, kh, kw], optional bias [O].
// Output: [N, O, (H - 1) stride - top - bottom + dilation (kh - 1) + output_padding + 1, ...].
struct ConvTranspose2d {
  static constexpr std::string_view kName = "conv_transpose2d";
  Size2d kernel;
  Size2d stride;
  Size2d dilation;
  Padding2d padding;
  Size2d output_padding{0, 0};
  int64_t groups = 1;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis axis) const;

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("kernel", kernel), visit("stride", stride), visit("dilation", dilation);
    visit("padding", padding), visit("output_padding", output_padding), visit("groups", groups);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_CONV_TRANSPOSE2D_H_
