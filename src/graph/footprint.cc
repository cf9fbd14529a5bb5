#include "graph/footprint.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// The input pixels a node reads to make output pixels `out`.
Interval Through(const Window& window, const Interval& out) {
  return {FloorDivide(out.begin * window.num + window.low, window.den),
          FloorDivide((out.end - 1) * window.num + window.high, window.den) + 1};
}

// The steps of a grid that an interval touches.
Interval Whole(const Interval& interval, int64_t step) {
  return {FloorDivide(interval.begin, step) * step, -FloorDivide(-interval.end, step) * step};
}

}  // namespace

Footprint FootprintOf(const Graph& graph, SpatialAxis axis, Interval output,
                      const GrainOfNode& grain) {
  GAN_ASSERT(output.begin < output.end);
  std::vector<std::optional<Interval>> needed(graph.values.size());
  needed[Index(graph.outputs[0])] = output;
  Footprint result;
  for (size_t n = graph.nodes.size(); n-- > 0;) {
    const Node* node = &graph.nodes[n];
    std::optional<Interval>& wanted = needed[Index(node->output)];
    if (!wanted) continue;
    const Grain of = grain ? grain(n) : Grain{};
    wanted = Whole(*wanted, of.step);
    const Window window = std::visit([&](const auto& op) { return op.WindowOf(axis); }, node->op);
    result.everything |= window.everything;
    Interval from = Through(window, *wanted);
    from.end += of.beyond;
    for (const ValueId id : node->inputs) {
      if (graph.value(id).kind == ValueKind::kParameter) continue;
      std::optional<Interval>& so_far = needed[Index(id)];
      so_far = so_far
                   ? Interval{std::min(so_far->begin, from.begin), std::max(so_far->end, from.end)}
                   : from;
    }
  }
  const std::optional<Interval>& input = needed[Index(graph.inputs[0])];
  result.input = input ? *input : Interval{0, 0};
  return result;
}

}  // namespace gan::core
