#include "graph/ops/pixel_unshuffle.h"

namespace gan::core {

SymbolicShape PixelUnshuffle::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  in.RequireRank(0, 4);
  in.RequireAttribute("factor", factor, 1, 1 << 10);
  const SymbolicShape& x = in.shape(0);
  for (const size_t axis : {2, 3}) {
    if (!x[axis].IsDivisibleBy(factor)) {
      in.FailAt(0, "wants height and width that are multiples of {}, got {}", factor, ToString(x));
    }
  }
  const int64_t channels = in.RequireConstant(0, 1);
  in.RequireAttribute("channels", channels, 1);
  return {x[0], channels * factor * factor, x[2].FloorDiv(factor), x[3].FloorDiv(factor)};
}

}  // namespace gan::core
