#include "backends/cpu/placement.h"

#include <algorithm>

#include "runtime/lifetimes.h"
#include "runtime/memory_plan.h"

namespace gan::core {
namespace {

// The values that share memory with the value they overwrite, as chains to the first of them.
std::vector<size_t> SharedWith(const Graph& graph, const std::vector<Shape>& shapes,
                               const std::vector<ValueLifetime>& lifetimes,
                               const std::function<bool(size_t, size_t)>& may_overwrite) {
  std::vector<size_t> first(graph.values.size());
  for (size_t i = 0; i < first.size(); ++i) first[i] = i;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      const size_t input = Index(node.inputs[i]);
      if (graph.values[input].kind != ValueKind::kResult) continue;
      if (lifetimes[input].last_read != static_cast<int>(n)) continue;
      const bool fits = shapes[input].elements() == shapes[Index(node.output)].elements();
      if (!fits || !may_overwrite(n, i)) continue;
      // The same value twice among the inputs would be overwritten while it is read.
      if (std::ranges::count(node.inputs, node.inputs[i]) != 1) continue;
      first[Index(node.output)] = first[input];
      break;
    }
  }
  return first;
}

}  // namespace

Placement PlaceResults(const Graph& graph, const std::vector<Shape>& shapes,
                       const std::function<bool(size_t node, size_t input)>& may_overwrite) {
  const std::vector<ValueLifetime> lifetimes = LifetimesOf(graph);
  const std::vector<size_t> first = SharedWith(graph, shapes, lifetimes, may_overwrite);

  Placement placement;
  placement.places.resize(graph.values.size());
  std::vector<int> output_of(graph.values.size(), Placement::kBlock);
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    const size_t id = Index(graph.outputs[i]);
    // A value that is given out twice is written once and copied.
    if (output_of[first[id]] == Placement::kBlock) output_of[first[id]] = static_cast<int>(i);
  }
  // One stretch of memory for each chain, from the first value made to the last read.
  std::vector<Lifetime> wanted;
  std::vector<size_t> slot(graph.values.size());
  for (size_t id = 0; id < graph.values.size(); ++id) {
    if (graph.values[id].kind != ValueKind::kResult || output_of[first[id]] != Placement::kBlock) {
      continue;
    }
    if (lifetimes[id].made < 0) continue;  // inside a joined node
    if (first[id] == id) {
      slot[id] = wanted.size();
      wanted.push_back({static_cast<uint64_t>(shapes[id].elements()) * sizeof(float),
                        lifetimes[id].made, lifetimes[id].last_read});
    } else {
      slot[id] = slot[first[id]];
      wanted[slot[id]].last = std::max(wanted[slot[id]].last, lifetimes[id].last_read);
    }
  }
  const MemoryPlan plan = PlanMemory(wanted);
  for (size_t id = 0; id < graph.values.size(); ++id) {
    if (graph.values[id].kind != ValueKind::kResult || lifetimes[id].made < 0) continue;
    placement.places[id].output = output_of[first[id]];
    if (output_of[first[id]] == Placement::kBlock) {
      placement.places[id].offset = plan.offsets[slot[id]];
    }
  }
  placement.bytes = plan.bytes;
  return placement;
}

}  // namespace gan::core
