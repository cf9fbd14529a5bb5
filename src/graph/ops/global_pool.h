// The greatest or the mean of each channel.
#ifndef GAN_GRAPH_OPS_GLOBAL_POOL_H_
#define GAN_GRAPH_OPS_GLOBAL_POOL_H_

#include "graph/operand.h"
#include "graph/ops/pool2d.h"

namespace gan::core {

// Input: x [N, C, H, W]. Output: [N, C, 1, 1]. No tile of the picture gives the whole's answer.
struct GlobalPool {
  static constexpr std::string_view kName = "global_pool";
  PoolKind kind = PoolKind::kAverage;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {.everything = true}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("kind", NameOf(kind));
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_GLOBAL_POOL_H_
