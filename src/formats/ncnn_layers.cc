#include "formats/ncnn_layers.h"

#include <algorithm>

namespace gan::core {

void NcnnCall::RequireInputs(size_t low, size_t high) const {
  if (inputs.size() >= low && inputs.size() <= high) return;
  layer.FailHere("wants {} to {} inputs, got {}", low, high, inputs.size());
}

ValueId NcnnCall::Parameter(std::string_view name, const Tensor& tensor) {
  std::string full = fmt::format("{}.{}", layer.name, name);
  if (parameters_.Contains(full)) layer.FailHere("shares its name with another layer");
  const ValueId id = graph_.Parameter(full, tensor.shape());
  parameters_.Add(std::move(full), tensor);
  return id;
}

ValueId NcnnCall::Add(Op op, std::vector<ValueId> operands) {
  // Layers of several nodes number those after the first.
  const std::string name =
      nodes_ == 0 ? std::string(layer.name) : fmt::format("{}.{}", layer.name, nodes_);
  ++nodes_;
  return graph_.Add(std::move(op), std::move(operands), name);
}

ValueId NcnnCall::Fused(ValueId value) {
  const int64_t kind = layer.Int(9, 0);
  const std::vector<float> numbers = layer.Floats(10);
  const auto number = [&](size_t i) {
    if (i >= numbers.size()) layer.FailHere("activation {} lacks its numbers (option 10)", kind);
    return numbers[i];
  };
  switch (kind) {
    case 0: return value;
    case 1: return Activate(value, ActivationKind::kRelu);
    case 2: return Activate(value, ActivationKind::kLeakyRelu, number(0));
    case 3: return Activate(value, ActivationKind::kClip, number(0), number(1));
    case 4: return Activate(value, ActivationKind::kSigmoid);
    case 5: {  // Mish
      const ValueId gate =
          Activate(Activate(value, ActivationKind::kSoftplus), ActivationKind::kTanh);
      return Add(Binary{BinaryKind::kMultiply}, {value, gate});
    }
    case 6: return Activate(value, ActivationKind::kHardSwish, number(0), number(1));
    default: layer.FailHere("fuses activation {}, which gan does not know", kind);
  }
}

size_t NcnnCall::Axis(const NcnnBlob& blob, int64_t axis) const {
  const int64_t rank = blob.vector ? 1 : 3;
  const int64_t positive = axis < 0 ? axis + rank : axis;
  if (positive < 0 || positive >= rank) {
    layer.FailHere("wants an axis from {} to {}, got {}", -rank, rank - 1, axis);
  }
  return static_cast<size_t>(positive) + 1;
}

ValueId NcnnCall::Cut(ValueId value, size_t axis, int64_t begin, int64_t end_margin) {
  if (begin == 0 && end_margin == 0) return value;
  return Add(Slice{static_cast<int64_t>(axis), begin, end_margin}, {value});
}

NcnnHandler FindNcnnHandler(std::string_view type) {
  for (const auto& table : {NcnnWeightLayers(), NcnnShapeLayers(), NcnnArithmeticLayers()}) {
    const auto found = std::ranges::find(table, type, &NcnnLayerType::type);
    if (found != table.end()) return found->handler;
  }
  return nullptr;
}

}  // namespace gan::core
