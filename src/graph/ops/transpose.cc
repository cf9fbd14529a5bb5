#include "graph/ops/transpose.h"

#include <fmt/ranges.h>

#include <array>

#include "tensor/shape.h"

namespace gan::core {

SymbolicShape Transpose::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  const SymbolicShape& x = in.shape(0);
  std::array<bool, Shape::kMaxRank> seen{};
  bool fits = order.size() == x.size() && x.size() >= 2 && x.size() <= seen.size();
  SymbolicShape out;
  for (size_t i = 0; fits && i < order.size(); ++i) {
    const int64_t axis = order[i];
    fits = axis >= 0 && axis < static_cast<int64_t>(x.size()) && (axis == 0) == (i == 0) &&
           !seen[static_cast<size_t>(axis)];
    if (!fits) break;
    seen[static_cast<size_t>(axis)] = true;
    out.push_back(i == 0 ? x[0] : Dim(in.RequireConstant(0, static_cast<size_t>(axis))));
  }
  if (!fits) {
    in.FailAt(0, "{} wants an order that names each axis once, 0 first, got {}", ToString(x),
              fmt::join(order, ", "));
  }
  return out;
}

}  // namespace gan::core
