#include "kernels/pad2d.h"

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {
namespace {

// Walks to the place in steps of one pixel, turning round at the border or standing still there.
int64_t Walk(PadMode mode, int64_t to, int64_t size) {
  int64_t at = 0, direction = to < 0 ? -1 : 1;
  for (int64_t steps = to < 0 ? -to : to; steps > 0; --steps) {
    const bool leaves = at + direction < 0 || at + direction >= size;
    if (leaves && mode == PadMode::kReplicate) break;
    if (leaves) direction = -direction;
    at += direction;
  }
  return at;
}

}  // namespace

void Pad2d(const ConstTensorView& x, PadMode mode, const Padding2d& padding, float value,
           const TensorView& out) {
  const int64_t height = x.shape[2], width = x.shape[3];
  ForEachElement(out.shape, [&](const Index& index) {
    const int64_t row = index[2] - padding.top, column = index[3] - padding.left;
    const bool inside = row >= 0 && row < height && column >= 0 && column < width;
    if (mode == PadMode::kConstant) {
      At(out, index) = inside ? At(x, {index[0], index[1], row, column}) : value;
    } else {
      At(out, index) =
          At(x, {index[0], index[1], Walk(mode, row, height), Walk(mode, column, width)});
    }
  });
}

}  // namespace gan::core::kernels::reference
