// Scales and shifts each picture's channels to mean 0 and variance 1. (Ulyanov et al. 2016,
// "Instance normalization"; Wu & He 2018, "Group normalization")
#ifndef GAN_GRAPH_OPS_GROUP_NORM_H_
#define GAN_GRAPH_OPS_GROUP_NORM_H_

#include "graph/operand.h"

namespace gan::core {

// Inputs: x [N, C, H, W], optionally weight [C], bias [C]. Output: (x - mean) / sqrt(variance +
// epsilon) * weight + bias, of x's shape; mean and variance over the pixels of a group of
// neighbouring channels of one picture. As many groups as channels: instance normalisation; one:
// layer normalisation. No tile of the picture gives the whole's answer.
struct GroupNorm {
  static constexpr std::string_view kName = "group_norm";
  int64_t groups = 1;
  float epsilon = 1e-5f;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {.everything = true}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("groups", groups), visit("epsilon", epsilon);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_GROUP_NORM_H_
