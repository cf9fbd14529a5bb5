#include "models/animegan2/network.h"

#include <string>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

class Builder {
 public:
  explicit Builder(const AnimeGan2Sizes& sizes) : sizes_(sizes), graph_("animegan2") {}

  Graph Build() {
    const int64_t w = sizes_.width;
    const ValueId image = graph_.Input(
        "image", {Dim::Symbol("N"), sizes_.channels, Dim::Symbol("H", 4), Dim::Symbol("W", 4)});
    ValueId x = Layer("block_a.0", image, w, 7);
    x = Layer("block_a.1", x, 2 * w, 3, 2);
    x = Layer("block_a.2", x, 2 * w, 3);
    x = Layer("block_b.0", x, 4 * w, 3, 2);
    x = Layer("block_b.1", x, 4 * w, 3);
    x = Layer("block_c.0", x, 4 * w, 3);
    for (int64_t i = 1; i <= sizes_.blocks; ++i) x = Inverted(fmt::format("block_c.{}", i), x);
    x = Layer(fmt::format("block_c.{}", sizes_.blocks + 1), x, 4 * w, 3);
    x = Layer("block_d.0", Doubled(x), 4 * w, 3);
    x = Layer("block_d.1", x, 4 * w, 3);
    x = Layer("block_e.0", Doubled(x), 2 * w, 3);
    x = Layer("block_e.1", x, 2 * w, 3);
    x = Layer("block_e.2", x, w, 7);
    x = Convolution("out_layer.0", x, sizes_.channels, 1);
    return graph_.Finish({graph_.Add(Activation{ActivationKind::kTanh}, {x})});
  }

 private:
  int64_t ChannelsOf(ValueId x) const { return graph_.ShapeOf(x)[1].constant(); }

  ValueId Convolution(const std::string& name, ValueId x, int64_t outputs, int64_t kernel,
                      int64_t stride = 1, int64_t groups = 1, bool bias = false) {
    const int64_t inputs = ChannelsOf(x) / groups;
    std::vector<ValueId> in = {
        x, graph_.Parameter(name + ".weight", {outputs, inputs, kernel, kernel})};
    if (bias) in.push_back(graph_.Parameter(name + ".bias", {outputs}));
    return graph_.Add(
        Conv2d{.kernel = {kernel, kernel}, .stride = {stride, stride}, .groups = groups},
        std::move(in), name);
  }

  ValueId Norm(const std::string& name, ValueId x) {
    const Shape channels{ChannelsOf(x)};
    const ValueId weight = graph_.Parameter(name + ".weight", channels);
    const ValueId bias = graph_.Parameter(name + ".bias", channels);
    return graph_.Add(GroupNorm{.groups = 1}, {x, weight, bias}, name);
  }

  // A reflected border, the convolution, a norm over all channels and LeakyReLU. What halves has
  // its border on the right and below alone.
  ValueId Layer(const std::string& name, ValueId x, int64_t outputs, int64_t kernel,
                int64_t stride = 1, int64_t groups = 1) {
    const int64_t p = kernel / 2;
    const Padding2d border = stride == 2 ? Padding2d{0, 0, 1, 1} : Padding2d{p, p, p, p};
    if (p > 0) x = graph_.Add(Pad2d{.mode = PadMode::kReflect, .padding = border}, {x});
    x = Convolution(name + ".1", x, outputs, kernel, stride, groups, groups > 1);
    return graph_.Add(Activation{ActivationKind::kLeakyRelu, 0.2f}, {Norm(name + ".2", x)});
  }

  // Widened to twice its inputs, each channel by itself, and narrowed. (Sandler et al. 2018,
  // "MobileNetV2")
  ValueId Inverted(const std::string& name, ValueId x) {
    const int64_t wide = 2 * ChannelsOf(x), outputs = 8 * sizes_.width;
    ValueId y = Layer(name + ".layers.0", x, wide, 1);
    y = Layer(name + ".layers.1", y, wide, 3, 1, wide);
    y = Norm(name + ".layers.3", Convolution(name + ".layers.2", y, outputs, 1));
    return outputs == ChannelsOf(x) ? graph_.Add(Binary{BinaryKind::kAdd}, {x, y}) : y;
  }

  ValueId Doubled(ValueId x) {
    return graph_.Add(Resize{.mode = ResizeMode::kBilinear,
                             .coordinates = ResizeCoordinates::kAlignCorners,
                             .num = {2, 2}},
                      {x});
  }

  AnimeGan2Sizes sizes_;
  GraphBuilder graph_;
};

}  // namespace

Graph AnimeGan2Graph(const AnimeGan2Sizes& sizes) { return Builder(sizes).Build(); }

}  // namespace gan::core
