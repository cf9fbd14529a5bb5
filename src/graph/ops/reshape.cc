#include "graph/ops/reshape.h"

#include "base/checked.h"

namespace gan::core {

SymbolicShape Reshape::InferShape(const Operands& in) const {
  in.RequireCount(1, 1);
  const SymbolicShape& x = in.shape(0);
  if (x.size() < 2) in.FailAt(0, "wants a channel axis, got {}", ToString(x));
  in.RequireAttribute("number of sizes", static_cast<int64_t>(sizes.size()), 1,
                      Shape::kMaxRank - 1);
  for (const int64_t size : sizes) in.RequireAttribute("size", size, 1);
  std::vector<int64_t> had;
  for (size_t axis = 1; axis < x.size(); ++axis) had.push_back(in.RequireConstant(0, axis));
  SymbolicShape out{x[0]};
  out.insert(out.end(), sizes.begin(), sizes.end());
  const std::optional<int64_t> wanted = CheckedProduct(sizes);
  if (!wanted || CheckedProduct(had) != wanted) {
    in.FailAt(0, "{} cannot become {}: they hold different numbers of elements", ToString(x),
              ToString(out));
  }
  return out;
}

}  // namespace gan::core
