#include "backends/cpu/weight_supply.h"

#include <utility>

#include "base/error.h"

namespace gan::core {

WeightSupply::WeightSupply(const Graph& graph, NamedTensors parameters)
    : tensors_(graph.values.size()), readers_(graph.values.size()) {
  for (size_t i = 0; i < tensors_.size(); ++i) {
    const Value& value = graph.values[i];
    if (value.kind == ValueKind::kParameter) tensors_[i] = parameters.At(value.name);
  }
  for (const Node& node : graph.nodes) {
    for (const ValueId id : node.inputs) ++readers_[Index(id)];
  }
}

Tensor WeightSupply::Take(const Node& node, size_t i) {
  if (i >= node.inputs.size()) return {};
  const size_t value = Index(node.inputs[i]);
  GAN_ASSERT(readers_[value] > 0);
  if (--readers_[value] > 0) return tensors_[value].ToFloat();
  return std::exchange(tensors_[value], {}).ToFloat();
}

}  // namespace gan::core
