#include "backends/cpu/node_order.h"

#include <algorithm>
#include <numeric>

namespace gan::core {
namespace {

bool Enlarges(const Node& node) {
  const auto* resize = std::get_if<Resize>(&node.op);
  return resize != nullptr && resize->num.h >= resize->den.h && resize->num.w >= resize->den.w;
}

// Moves what enlarges a picture to where it is first read: until then the small one is held.
void EnlargeLate(const Graph& graph, std::vector<size_t>& order) {
  for (size_t at = order.size(); at-- > 0;) {
    const Node& node = graph.nodes[order[at]];
    if (!Enlarges(node)) continue;
    const auto from = order.begin() + static_cast<ptrdiff_t>(at);
    const auto reader = std::find_if(from + 1, order.end(), [&](size_t n) {
      return std::ranges::count(graph.nodes[n].inputs, node.output) > 0;
    });
    if (reader != order.end()) std::rotate(from, from + 1, reader);
  }
}

}  // namespace

bool IsConvolution(const Node& node) {
  return std::holds_alternative<Conv2d>(node.op) ||
         std::holds_alternative<ConvTranspose2d>(node.op);
}

std::vector<size_t> RunningOrder(const Graph& graph) {
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
  EnlargeLate(graph, order);
  return order;
}

}  // namespace gan::core
