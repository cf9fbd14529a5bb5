// The greatest or the mean of a sliding window.
#ifndef GAN_GRAPH_OPS_POOL2D_H_
#define GAN_GRAPH_OPS_POOL2D_H_

#include "graph/operand.h"

namespace gan::core {

enum class PoolKind { kMax, kAverage };
std::string_view NameOf(PoolKind kind);

// Input: x [N, C, H, W]. Output: as of conv2d with this window. The border counts as nothing for
// the greatest; for the mean it counts as zeros if count_padding, else not at all.
struct Pool2d {
  static constexpr std::string_view kName = "pool2d";
  PoolKind kind = PoolKind::kMax;
  Size2d kernel;
  Size2d stride;
  Padding2d padding;
  bool count_padding = true;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis axis) const;

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("kind", NameOf(kind)), visit("kernel", kernel), visit("stride", stride);
    visit("padding", padding), visit("count_padding", static_cast<int64_t>(count_padding));
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_POOL2D_H_
