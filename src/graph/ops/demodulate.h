// What brings the outputs of a convolution back to variance 1 after its inputs were scaled by a
// style. (Karras et al. 2020, "Analyzing and improving the image quality of StyleGAN", equation 3)
#ifndef GAN_GRAPH_OPS_DEMODULATE_H_
#define GAN_GRAPH_OPS_DEMODULATE_H_

#include "graph/operand.h"

namespace gan::core {

// Inputs: style [N, I], weight [O, I, kh, kw], or [I, O, kh, kw] if `transposed`.
// Output: [N, O], 1 / sqrt(scale^2 * sum over i and taps of (style[n, i] * weight[o, i])^2 +
// epsilon).
struct Demodulate {
  static constexpr std::string_view kName = "demodulate";
  float scale = 1;
  float epsilon = 1e-8f;
  bool transposed = false;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {.everything = true}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("scale", scale), visit("epsilon", epsilon);
    visit("transposed", static_cast<int64_t>(transposed));
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_DEMODULATE_H_
