// What each op of a graph means in LibTorch.
#ifndef GAN_BACKENDS_TORCH_EVALUATE_H_
#define GAN_BACKENDS_TORCH_EVALUATE_H_

#include <ATen/ATen.h>

#include <array>
#include <span>

#include "graph/op.h"

namespace gan::core::torch_backend {

// The tensors a node reads, in the order its op documents.
using Arguments = std::span<const at::Tensor>;

// One function an op: Evaluate(op, in). Plain compositions of ATen calls that autograd can
// differentiate: nothing is changed in place. Requires shapes that the op's shape rule accepts;
// throws gan::Error where the rule could not know the sizes, and c10::Error from ATen.
#define GAN_OP(Type, file) at::Tensor Evaluate(const Type& op, Arguments in);
#include "graph/ops/ops.def"
#undef GAN_OP

// The third argument of layers whose bias may be left out: undefined when it is, as ATen wants it.
inline at::Tensor BiasOf(Arguments in) { return in.size() > 2 ? in[2] : at::Tensor(); }

inline std::array<int64_t, 2> PairOf(const Size2d& size) { return {size.h, size.w}; }

inline bool IsSymmetric(const Padding2d& padding) {
  return padding.top == padding.bottom && padding.left == padding.right;
}

// A border of `value`; negative sides cut off instead.
inline at::Tensor PadWith(const at::Tensor& x, const Padding2d& padding, double value) {
  return at::constant_pad_nd(x, {padding.left, padding.right, padding.top, padding.bottom}, value);
}

}  // namespace gan::core::torch_backend

#endif  // GAN_BACKENDS_TORCH_EVALUATE_H_
