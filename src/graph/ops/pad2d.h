// Puts a border around pictures.
#ifndef GAN_GRAPH_OPS_PAD2D_H_
#define GAN_GRAPH_OPS_PAD2D_H_

#include "graph/operand.h"

namespace gan::core {

enum class PadMode { kConstant, kReflect, kReplicate };
std::string_view NameOf(PadMode mode);

// Input: x [N, C, H, W]. Output: [N, C, H + top + bottom, W + left + right]. Reflection leaves the
// border pixel itself out and requires H and W greater than the padding.
struct Pad2d {
  static constexpr std::string_view kName = "pad2d";
  PadMode mode = PadMode::kConstant;
  Padding2d padding;
  float value = 0;

  SymbolicShape InferShape(const Operands& in) const;
  double MultiplyAdds(std::span<const Shape>, const Shape&) const { return 0; }
  Window WindowOf(SpatialAxis axis) const;

  template <class Visit>
  void VisitAttributes(Visit&& visit) const {
    visit("mode", NameOf(mode)), visit("padding", padding), visit("value", value);
  }
};

}  // namespace gan::core

#endif  // GAN_GRAPH_OPS_PAD2D_H_
