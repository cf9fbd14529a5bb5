#include "runtime/lifetimes.h"

namespace gan::core {

std::vector<ValueLifetime> LifetimesOf(const Graph& graph) {
  std::vector<ValueLifetime> lifetimes(graph.values.size());
  const int count = static_cast<int>(graph.nodes.size());
  for (int i = 0; i < count; ++i) {
    const Node& node = graph.nodes[static_cast<size_t>(i)];
    lifetimes[Index(node.output)].made = i;
    for (const ValueId id : node.inputs) lifetimes[Index(id)].last_read = i;
  }
  for (const ValueId id : graph.outputs) lifetimes[Index(id)].last_read = count;
  return lifetimes;
}

}  // namespace gan::core
