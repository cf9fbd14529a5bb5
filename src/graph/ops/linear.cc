#include "graph/ops/linear.h"

namespace gan::core {

SymbolicShape Linear::InferShape(const Operands& in) const {
  in.RequireCount(2, 3);
  in.RequireRank(0, 2);
  in.RequireRank(1, 2);
  const int64_t features = in.RequireConstant(0, 1);
  const int64_t outputs = in.RequireConstant(1, 0);
  if (in.RequireConstant(1, 1) != features) {
    in.FailAt(1, "wants {} input features, \"{}\" has {}", in.RequireConstant(1, 1), in.name(0),
              features);
  }
  if (in.size() == 3) in.RequireShape(2, {outputs});
  return {in.shape(0)[0], outputs};
}

double Linear::MultiplyAdds(std::span<const Shape> in, const Shape& out) const {
  return static_cast<double>(out.elements()) * static_cast<double>(in[0][1]);
}

}  // namespace gan::core
