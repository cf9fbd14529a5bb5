#include "backends/cpu/node_order.h"

#include <algorithm>
#include <numeric>

namespace gan::core {

bool IsConvolution(const Node& node) {
  return std::holds_alternative<Conv2d>(node.op) ||
         std::holds_alternative<ConvTranspose2d>(node.op);
}

std::vector<size_t> ConvolutionsLast(const Graph& graph) {
  std::vector<bool> depends(graph.values.size());
  std::vector<bool> late(graph.nodes.size());
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    late[n] = IsConvolution(node) ||
              std::ranges::any_of(node.inputs, [&](ValueId id) { return depends[Index(id)]; });
    depends[Index(node.output)] = late[n];
  }
  std::vector<size_t> order(graph.nodes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_partition(order.begin(), order.end(), [&](size_t n) { return !late[n]; });
  return order;
}

}  // namespace gan::core
