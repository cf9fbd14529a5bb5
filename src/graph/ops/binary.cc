#include "graph/ops/binary.h"

namespace gan::core {

std::string_view NameOf(BinaryKind kind) {
  switch (kind) {
    case BinaryKind::kAdd: return "add";
    case BinaryKind::kSubtract: return "subtract";
    case BinaryKind::kMultiply: return "multiply";
    case BinaryKind::kDivide: return "divide";
    case BinaryKind::kMaximum: return "maximum";
    case BinaryKind::kMinimum: return "minimum";
  }
  GAN_ASSERT(false);
  return "";
}

SymbolicShape Binary::InferShape(const Operands& in) const {
  in.RequireCount(2, 2);
  const SymbolicShape& a = in.shape(0);
  const SymbolicShape& b = in.shape(1);
  in.RequireRank(1, a.size());
  SymbolicShape out = a;
  for (size_t axis = 0; axis < a.size(); ++axis) {
    if (a[axis] == b[axis] || b[axis] == Dim(1)) continue;
    if (a[axis] == Dim(1)) {
      out[axis] = b[axis];
      continue;
    }
    in.FailAt(1, "{} does not fit \"{}\" {} on axis {}", ToString(b), in.name(0), ToString(a),
              axis);
  }
  return out;
}

double Binary::MultiplyAdds(std::span<const Shape>, const Shape& out) const {
  return static_cast<double>(out.elements());
}

}  // namespace gan::core
