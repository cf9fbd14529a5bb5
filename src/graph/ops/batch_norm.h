// Scales and shifts each channel to mean 0 and variance 1. (Ioffe & Szegedy 2015, "Batch
// normalization")
#ifndef GAN_GRAPH_OPS_BATCH_NORM_H_
#define GAN_GRAPH_OPS_BATCH_NORM_H_

#include "graph/operand.h"

namespace gan::core {

// Inputs: x [N, C, ...], then mean [C], variance [C], or weight [C], bias [C], mean, variance.
// Output: (x - mean) / sqrt(variance + epsilon) * weight + bias, of x's shape.
//
// A training run takes mean and variance over the batch instead, and moves the given ones, which
// must be parameters, towards them by `momentum`.
struct BatchNorm {
  static constexpr std::string_view kName = "batch_norm";
  float epsilon = 1e-5f;
  float momentum = 0.1f;  // 0 to 1: what a batch weighs in the moving mean and variance

  // Where the moving mean stands among `inputs` inputs; the variance is the one after it.
  static constexpr size_t MeanIndex(size_t inputs) { return inputs - 2; }

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("epsilon", epsilon), visit("momentum", momentum);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_BATCH_NORM_H_
