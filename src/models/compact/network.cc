#include "models/compact/network.h"

#include <string>

#include "base/error.h"

namespace gan::core {
namespace {

ValueId Activate(GraphBuilder& graph, const CompactSizes& sizes, int64_t index, ValueId x) {
  switch (sizes.activation) {
    case CompactActivation::kPrelu: {
      const ValueId slope = graph.Parameter(fmt::format("body.{}.weight", index), {sizes.features});
      return graph.Add(Prelu{}, {x, slope});
    }
    case CompactActivation::kRelu: return graph.Add(Activation{ActivationKind::kRelu}, {x});
    case CompactActivation::kLeakyRelu:
      return graph.Add(Activation{ActivationKind::kLeakyRelu, 0.1f}, {x});
  }
  GAN_ASSERT(false);
  return x;
}

}  // namespace

Graph CompactGraph(const CompactSizes& sizes) {
  GraphBuilder graph("compact");
  const ValueId input =
      graph.Input("input", {Dim::Symbol("N"), sizes.channels, Dim::Symbol("H"), Dim::Symbol("W")});
  ValueId x = input;
  int64_t index = 0;
  const auto conv = [&](int64_t outputs) {
    const std::string name = fmt::format("body.{}", index++);
    const int64_t inputs = graph.ShapeOf(x)[1].constant();
    const ValueId weight = graph.Parameter(name + ".weight", {outputs, inputs, 3, 3});
    const ValueId bias = graph.Parameter(name + ".bias", {outputs});
    x = graph.Add(Conv2d{.kernel = {3, 3}, .padding = {1, 1, 1, 1}}, {x, weight, bias}, name);
  };
  for (int64_t i = 0; i <= sizes.convolutions; ++i) {
    conv(sizes.features);
    x = Activate(graph, sizes, index++, x);
  }
  conv(sizes.channels * sizes.upscale * sizes.upscale);
  x = graph.Add(PixelShuffle{sizes.upscale}, {x});
  const ValueId base = graph.Add(Resize{.num = {sizes.upscale, sizes.upscale}}, {input});
  return graph.Finish({graph.Add(Binary{BinaryKind::kAdd}, {x, base})});
}

}  // namespace gan::core
