#include "graph/ops/attention.h"

#include <cmath>

namespace gan::core {

SymbolicShape Attention::InferShape(const Operands& in) const {
  in.RequireCount(3, 3);
  if (!std::isfinite(scale))
    Fail(ErrorCode::kBadData, kName, "wants a finite scale, got {}", scale);
  for (size_t i = 0; i < 3; ++i) {
    in.RequireRank(i, 4);
    if (in.shape(i)[0] != in.shape(0)[0]) {
      in.FailAt(i, "{} does not fit \"{}\" {} on axis 0", ToString(in.shape(i)), in.name(0),
                ToString(in.shape(0)));
    }
  }
  if (in.RequireConstant(1, 1) != in.RequireConstant(0, 1)) {
    in.FailAt(1, "wants the {} channels of \"{}\", got {}", in.RequireConstant(0, 1), in.name(0),
              ToString(in.shape(1)));
  }
  for (const size_t axis : {2, 3}) {
    if (in.shape(2)[axis] == in.shape(1)[axis]) continue;
    in.FailAt(2, "{} does not fit \"{}\" {} on axis {}", ToString(in.shape(2)), in.name(1),
              ToString(in.shape(1)), axis);
  }
  const SymbolicShape& queries = in.shape(0);
  return {queries[0], in.RequireConstant(2, 1), queries[2], queries[3]};
}

double Attention::MultiplyAdds(std::span<const Shape> in, const Shape&) const {
  const Shape &queries = in[0], &values = in[2];
  return static_cast<double>(queries[0] * queries[2] * queries[3]) *
         static_cast<double>(values[2] * values[3]) * static_cast<double>(queries[1] + values[1]);
}

}  // namespace gan::core
