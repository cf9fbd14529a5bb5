#include "graph/ops/pixel_shuffle.h"

namespace gan::core {

SymbolicShape PixelShuffle::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  in.RequireRank(0, 4);
  in.RequireAttribute("factor", factor, 1, 1 << 10);
  const SymbolicShape& x = in.shape(0);
  const int64_t channels = in.RequireConstant(0, 1);
  if (channels % (factor * factor) != 0) {
    in.FailAt(0, "wants a multiple of {} channels, got {}", factor * factor, channels);
  }
  return {x[0], channels / (factor * factor), x[2] * factor, x[3] * factor};
}

}  // namespace gan::core
