#include "kernels/binary.h"

#include <cmath>

#include "kernels/reference/elements.h"
#include "kernels/runs.h"

namespace gan::core::kernels::reference {
namespace {

float Apply(BinaryKind kind, float a, float b) {
  switch (kind) {
    case BinaryKind::kAdd: return a + b;
    case BinaryKind::kSub: return a - b;
    case BinaryKind::kMul: return a * b;
    case BinaryKind::kDiv: return a / b;
    case BinaryKind::kMax: return std::isnan(a) || a > b ? a : b;
    case BinaryKind::kMin: return std::isnan(a) || a < b ? a : b;
  }
  return a;
}

}  // namespace

void Binary(const ConstTensorView& a, const ConstTensorView& b, BinaryKind kind,
            const TensorView& out) {
  const Strides a_strides = BroadcastStrides(a, out.shape);
  const Strides b_strides = BroadcastStrides(b, out.shape);
  const size_t rank = out.shape.rank();
  ForEachElement(out.shape, [&](const Index& index) {
    const float left = Floats(a)[OffsetOf(index, a_strides, rank)];
    const float right = Floats(b)[OffsetOf(index, b_strides, rank)];
    At(out, index) = Apply(kind, left, right);
  });
}

}  // namespace gan::core::kernels::reference
