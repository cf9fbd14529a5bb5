#include "graph/ops/demodulate.h"

namespace gan::core {

SymbolicShape Demodulate::InferShape(const Operands& in) const {
  in.RequireCount(2, 2);
  in.RequireRank(0, 2);
  in.RequireRank(1, 4);
  if (!(epsilon > 0)) Fail(ErrorCode::kBadData, kName, "wants epsilon above 0, got {}", epsilon);
  for (size_t axis = 0; axis < 4; ++axis) in.RequireConstant(1, axis);
  const int64_t inputs = in.RequireConstant(1, transposed ? 0 : 1);
  if (in.RequireConstant(0, 1) != inputs) {
    in.FailAt(0, "wants {} numbers, as many as \"{}\" has inputs, got {}", inputs, in.name(1),
              ToString(in.shape(0)));
  }
  return {in.shape(0)[0], in.RequireConstant(1, transposed ? 1 : 0)};
}

double Demodulate::MultiplyAdds(std::span<const Shape> in, const Shape& out) const {
  return static_cast<double>(out.elements()) * static_cast<double>(in[0][1]);
}

}  // namespace gan::core
