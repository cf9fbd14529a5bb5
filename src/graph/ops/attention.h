// Lets each position of a picture look at every other one. (Zhang et al. 2019, "Self-attention
// generative adversarial networks"; Vaswani et al. 2017)
#ifndef GAN_GRAPH_OPS_ATTENTION_H_
#define GAN_GRAPH_OPS_ATTENTION_H_

#include "graph/operand.h"

namespace gan::core {

// Inputs: queries [N, Ck, H, W], keys [N, Ck, h, w], values [N, Cv, h, w]. Output: [N, Cv, H, W]:
// at each of the H * W positions the mean of the values, weighted by the softmax over the h * w
// positions of scale * (query . key).
struct Attention {
  static constexpr std::string_view kName = "attention";
  float scale = 1;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {.everything = true}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("scale", scale);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_ATTENTION_H_
