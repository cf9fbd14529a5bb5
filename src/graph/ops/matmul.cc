#include "graph/ops/matmul.h"

namespace gan::core {

SymbolicShape MatMul::InferShape(const Operands& in) const {
  in.RequireCount(2, 2);
  const SymbolicShape &a = in.shape(0), &b = in.shape(1);
  const size_t rank = a.size();
  if (rank < 3) in.FailAt(0, "wants three axes or more, got {}", ToString(a));
  in.RequireRank(1, rank);
  for (size_t axis = 1; axis < rank; ++axis) {
    in.RequireConstant(0, axis);
    in.RequireConstant(1, axis);
  }
  if (a[rank - 1] != b[rank - 2]) {
    in.FailAt(1, "wants {} rows, as \"{}\" {} has columns, got {}", a[rank - 1].ToString(),
              in.name(0), ToString(a), ToString(b));
  }
  SymbolicShape out = a;
  for (size_t axis = 0; axis + 2 < rank; ++axis) {
    if (a[axis] == b[axis] || b[axis] == Dim(1)) continue;
    if (a[axis] != Dim(1)) {
      in.FailAt(1, "{} does not fit \"{}\" {} on axis {}", ToString(b), in.name(0), ToString(a),
                axis);
    }
    out[axis] = b[axis];
  }
  out[rank - 1] = b[rank - 1];
  return out;
}

double MatMul::MultiplyAdds(std::span<const Shape> in, const Shape& out) const {
  return static_cast<double>(out.elements()) * static_cast<double>(in[0][in[0].rank() - 1]);
}

}  // namespace gan::core
