#include "models/esrgan/network.h"

#include <string>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

class Builder {
 public:
  explicit Builder(const EsrganSizes& sizes) : sizes_(sizes), graph_("esrgan") {}

  Graph Build() {
    const int64_t f = sizes_.features;
    ValueId x = graph_.Input(
        "input", {Dim::Symbol("N"), sizes_.in_channels, Dim::Symbol("H", sizes_.unshuffle),
                  Dim::Symbol("W", sizes_.unshuffle)});
    if (sizes_.unshuffle > 1) x = graph_.Add(PixelUnshuffle{sizes_.unshuffle}, {x});
    const ValueId first = Conv("conv_first", x, f);
    ValueId trunk = first;
    for (int64_t i = 0; i < sizes_.blocks; ++i) trunk = Block(fmt::format("body.{}", i), trunk);
    x = graph_.Add(Binary{BinaryKind::kAdd}, {first, Conv("conv_body", trunk, f)});
    for (int64_t i = 1; i <= sizes_.doublings; ++i) {
      x = graph_.Add(Resize{.num = {2, 2}}, {x});
      x = LeakyRelu(Conv(fmt::format("conv_up{}", i), x, f));
    }
    x = LeakyRelu(Conv("conv_hr", x, f));
    return graph_.Finish({Conv("conv_last", x, sizes_.out_channels)});
  }

 private:
  ValueId Conv(const std::string& name, ValueId x, int64_t outputs) {
    const int64_t inputs = graph_.ShapeOf(x)[1].constant();
    const ValueId weight = graph_.Parameter(name + ".weight", {outputs, inputs, 3, 3});
    const ValueId bias = graph_.Parameter(name + ".bias", {outputs});
    return graph_.Add(Conv2d{.kernel = {3, 3}, .padding = {1, 1, 1, 1}}, {x, weight, bias}, name);
  }

  ValueId LeakyRelu(ValueId x) {
    return graph_.Add(Activation{ActivationKind::kLeakyRelu, 0.2f}, {x});
  }

  // x + 0.2 y
  ValueId Residual(ValueId x, ValueId y) {
    return graph_.Add(Binary{BinaryKind::kAdd}, {graph_.Add(Affine{.scale = 0.2f}, {y}), x});
  }

  ValueId DenseBlock(const std::string& name, ValueId x) {
    std::vector<ValueId> all = {x};
    for (int j = 1; j <= 4; ++j) {
      const ValueId joined = j == 1 ? x : graph_.Add(Concat{}, all);
      all.push_back(LeakyRelu(Conv(fmt::format("{}.conv{}", name, j), joined, sizes_.growth)));
    }
    return Residual(x, Conv(name + ".conv5", graph_.Add(Concat{}, all), sizes_.features));
  }

  ValueId Block(const std::string& name, ValueId x) {
    ValueId y = x;
    for (int k = 1; k <= 3; ++k) y = DenseBlock(fmt::format("{}.rdb{}", name, k), y);
    return Residual(x, y);
  }

  EsrganSizes sizes_;
  GraphBuilder graph_;
};

}  // namespace

Graph EsrganGraph(const EsrganSizes& sizes) { return Builder(sizes).Build(); }

}  // namespace gan::core
