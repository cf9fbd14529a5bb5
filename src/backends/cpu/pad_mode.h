// The kernels' terms for a border.
#ifndef GAN_BACKENDS_CPU_PAD_MODE_H_
#define GAN_BACKENDS_CPU_PAD_MODE_H_

#include <algorithm>

#include "base/error.h"
#include "graph/ops/pad2d.h"
#include "kernels/pad2d.h"

namespace gan::core {

inline kernels::PadMode KernelMode(PadMode mode) {
  switch (mode) {
    case PadMode::kConstant: return kernels::PadMode::kConstant;
    case PadMode::kReflect: return kernels::PadMode::kReflect;
    case PadMode::kReplicate: return kernels::PadMode::kReplicate;
  }
  GAN_ASSERT(false);
  return {};
}

// The shape rule cannot know: sizes are symbols when the graph is built.
inline void CheckBorder(PadMode mode, const Padding2d& p, int64_t height, int64_t width) {
  if (mode != PadMode::kReflect) return;
  if (std::max(p.top, p.bottom) < height && std::max(p.left, p.right) < width) return;
  Fail(ErrorCode::kBadData, Pad2d::kName,
       "cannot reflect a picture of {} x {} beyond its own size by {},{},{},{}; it is too small",
       width, height, p.top, p.left, p.bottom, p.right);
}

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_PAD_MODE_H_
