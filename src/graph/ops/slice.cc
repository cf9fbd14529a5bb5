#include "graph/ops/slice.h"

namespace gan::core {

SymbolicShape Slice::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  SymbolicShape out = in.shape(0);
  in.RequireAttribute("axis", axis, 1, static_cast<int64_t>(out.size()) - 1);
  in.RequireAttribute("begin", begin, 0);
  in.RequireAttribute("end_margin", end_margin, 0);
  Dim& size = out[static_cast<size_t>(axis)];
  size = size - (begin + end_margin);
  if (size.IsConstant() && size.constant() < 1) {
    in.FailAt(0, "{} has nothing left after cutting {} and {} from axis {}", ToString(in.shape(0)),
              begin, end_margin, axis);
  }
  return out;
}

Window Slice::WindowOf(SpatialAxis along) const {
  if (axis != static_cast<int64_t>(along)) return {};
  return {.low = begin, .high = begin};
}

}  // namespace gan::core
