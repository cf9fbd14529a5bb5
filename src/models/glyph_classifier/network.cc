#include "models/glyph_classifier/network.h"

#include <string>

#include "base/error.h"

namespace gan::core {
namespace {

void RequireRange(std::string_view what, int64_t value, int64_t low, int64_t high) {
  if (value >= low && value <= high) return;
  Fail(ErrorCode::kConfiguration, "classifier", "wants {} from {} to {}, got {}", what, low, high,
       value);
}

}  // namespace

Graph ClassifierGraph(const ClassifierSizes& sizes) {
  RequireRange("channels", sizes.channels, 1, 16);
  RequireRange("a picture's size", sizes.size, 16, 256);
  RequireRange("classes", sizes.classes, 2, 65'536);
  RequireRange("features", sizes.features, 1, 4096);
  GraphBuilder graph("classifier");
  ValueId x = graph.Input("image", {Dim::Symbol("N"), sizes.channels, sizes.size, sizes.size});
  const auto conv = [&](const std::string& name, int64_t outputs, const Conv2d& op) {
    const int64_t inputs = graph.ShapeOf(x)[1].constant();
    const ValueId weight =
        graph.Parameter(name + ".weight", {outputs, inputs, op.kernel.h, op.kernel.w});
    const ValueId bias = graph.Parameter(name + ".bias", {outputs});
    x = graph.Add(op, {x, weight, bias}, name);
  };
  int index = 0;
  const auto block = [&](int64_t outputs, int64_t stride) {
    conv(fmt::format("conv.{}", index++), outputs,
         {.kernel = {3, 3}, .stride = {stride, stride}, .padding = {1, 1, 1, 1}});
    x = graph.Add(Activation{ActivationKind::kRelu}, {x});
  };
  const auto side = [&] { return graph.ShapeOf(x)[2].constant(); };
  block(32, 1);
  block(64, 2);
  block(64, 1);
  block(128, 2);
  while (side() > 8) block(128, 2);
  // A full layer over all positions would be most of the weights; this makes it a fifth.
  x = graph.Add(Pool2d{.kind = PoolKind::kAverage, .kernel = {3, 3}, .stride = {2, 2}}, {x});
  conv("features", sizes.features, {.kernel = {side(), side()}});
  x = graph.Add(Activation{ActivationKind::kRelu}, {x});
  const ValueId features = x;
  conv("logits", sizes.classes, {.kernel = {1, 1}});
  return graph.Finish({features, x});
}

}  // namespace gan::core
