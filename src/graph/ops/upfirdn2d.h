// Enlarges, filters and thins pictures. (Karras et al. 2019, "A style-based generator architecture
// for GANs", section 2)
#ifndef GAN_GRAPH_OPS_UPFIRDN2D_H_
#define GAN_GRAPH_OPS_UPFIRDN2D_H_

#include "graph/operand.h"
#include "tensor/tensor.h"

namespace gan::core {

// Inputs: x [N, C, H, W], filter [fh, fw]. Puts up - 1 zeros behind each pixel, zeros around that,
// convolves each channel with the filter (a true convolution: the filter is flipped), keeps every
// down-th pixel and multiplies by gain.
// Output: [N, C, (H up.h + top + bottom - fh) / down.h + 1, ...].
struct Upfirdn2d {
  static constexpr std::string_view kName = "upfirdn2d";
  Size2d up;
  Size2d down;
  Size2d filter;  // its sizes
  Padding2d padding;
  float gain = 1;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis axis) const;

  // filter [fh, fw], times gain, for each channel: [channels, 1, fh, fw] f32, turned by 180 degrees
  // where that is asked for. A convolution that turns none wants it turned, a transposed one not.
  Tensor DepthwiseFilter(const Tensor& filter_values, int64_t channels, bool turned) const;

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("up", up), visit("down", down), visit("filter", filter), visit("padding", padding);
    visit("gain", gain);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_UPFIRDN2D_H_
