#include <algorithm>

#include "backends/torch/evaluate.h"

namespace gan::core::torch_backend {
namespace {

// What the shape rule could not check, since the picture's size was not known.
void RequireRoomToReflect(const at::Tensor& x, const Padding2d& p) {
  if (x.size(2) > std::max(p.top, p.bottom) && x.size(3) > std::max(p.left, p.right)) return;
  Fail(ErrorCode::kBadData, Pad2d::kName,
       "reflection by {},{},{},{} wants more pixels than that, got {}x{}: the input is too small "
       "for this network",
       p.top, p.left, p.bottom, p.right, x.size(2), x.size(3));
}

}  // namespace

at::Tensor Evaluate(const Pad2d& op, Arguments in) {
  const at::Tensor& x = in[0];
  const Padding2d& p = op.padding;
  switch (op.mode) {
    case PadMode::kConstant: return PadWith(x, p, op.value);
    case PadMode::kReflect:
      RequireRoomToReflect(x, p);
      return at::reflection_pad2d(x, {p.left, p.right, p.top, p.bottom});
    case PadMode::kReplicate: return at::replication_pad2d(x, {p.left, p.right, p.top, p.bottom});
  }
  GAN_ASSERT(false);
  return {};
}

}  // namespace gan::core::torch_backend
