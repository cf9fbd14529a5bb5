// Leaves numbers out at random while a network is trained. (Srivastava et al. 2014, "Dropout";
// whole channels: Tompson et al. 2015, "Efficient object localization")
#ifndef GAN_GRAPH_OPS_DROPOUT_H_
#define GAN_GRAPH_OPS_DROPOUT_H_

#include "graph/operand.h"

namespace gan::core {

// Input: x [N, C, ...]. Output: x itself.
//
// A training run sets each element (each channel of each picture, if `channels`) to 0 with
// `probability` and divides the others by 1 - probability.
struct Dropout {
  static constexpr std::string_view kName = "dropout";
  float probability = 0.5f;  // at least 0, below 1
  bool channels = false;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape>, const Shape&) const { return 0; }
  Window WindowOf(SpatialAxis) const { return {}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("probability", probability), visit("channels", static_cast<int64_t>(channels));
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_DROPOUT_H_
