// Arithmetic of two tensors, element by element.
#ifndef GAN_GRAPH_OPS_BINARY_H_
#define GAN_GRAPH_OPS_BINARY_H_

#include "graph/operand.h"

namespace gan::core {

enum class BinaryKind { kAdd, kSubtract, kMultiply, kDivide, kMaximum, kMinimum };
std::string_view NameOf(BinaryKind kind);

// Inputs: a, b of one rank; an axis of size 1 is repeated to the other's size.
struct Binary {
  static constexpr std::string_view kName = "binary";
  BinaryKind kind = BinaryKind::kAdd;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape> in, const Shape& out) const;
  Window WindowOf(SpatialAxis) const { return {}; }

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("kind", NameOf(kind));
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_BINARY_H_
