#include "graph/ops/pad2d.h"

#include <algorithm>

namespace gan::core {

std::string_view NameOf(PadMode mode) {
  switch (mode) {
    case PadMode::kConstant: return "constant";
    case PadMode::kReflect: return "reflect";
    case PadMode::kReplicate: return "replicate";
  }
  GAN_ASSERT(false);
  return "";
}

SymbolicShape Pad2d::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  in.RequireRank(0, 4);
  in.RequirePadding(padding);
  const SymbolicShape& x = in.shape(0);
  return {x[0], x[1], x[2] + (padding.top + padding.bottom), x[3] + (padding.left + padding.right)};
}

Window Pad2d::WindowOf(SpatialAxis axis) const {
  const bool vertical = axis == SpatialAxis::kHeight;
  const int64_t before = vertical ? padding.top : padding.left;
  const int64_t after = vertical ? padding.bottom : padding.right;
  // Above, output o shows row before - o; below, it shows o - before - 2 (rows past the end).
  if (mode == PadMode::kReflect) {
    return {.low = -before - 2 * after, .high = before};
  }
  return {.low = -before, .high = -before};
}

}  // namespace gan::core
