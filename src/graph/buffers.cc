#include "graph/buffers.h"

#include <algorithm>

namespace gan::core {

std::vector<std::string> BufferNames(const Graph& graph) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) {
    if (!std::holds_alternative<BatchNorm>(node.op)) continue;
    const size_t mean = BatchNorm::MeanIndex(node.inputs.size());
    for (const size_t i : {mean, mean + 1}) {
      const Value& value = graph.value(node.inputs[i]);
      if (value.kind != ValueKind::kParameter) continue;
      if (std::ranges::find(names, value.name) == names.end()) names.push_back(value.name);
    }
  }
  return names;
}

}  // namespace gan::core
