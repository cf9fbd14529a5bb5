#include "graph/ops/concat.h"

namespace gan::core {

SymbolicShape Concat::InferShape(const Operands& in) const {
  in.RequireCount(1, 1 << 12);
  SymbolicShape out = in.shape(0);
  if (out.size() < 2) in.FailAt(0, "wants a channel axis, got {}", ToString(out));
  int64_t channels = in.RequireConstant(0, 1);
  for (size_t i = 1; i < in.size(); ++i) {
    in.RequireRank(i, out.size());
    for (size_t axis = 0; axis < out.size(); ++axis) {
      if (axis != 1 && in.shape(i)[axis] != out[axis]) {
        in.FailAt(i, "{} does not fit \"{}\" {} on axis {}", ToString(in.shape(i)), in.name(0),
                  ToString(in.shape(0)), axis);
      }
    }
    channels += in.RequireConstant(i, 1);
  }
  out[1] = channels;
  return out;
}

}  // namespace gan::core
