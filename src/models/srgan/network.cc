#include "models/srgan/network.h"

#include <array>

#include "base/error.h"
#include "models/network_builder.h"

namespace gan::core {
namespace {

constexpr std::array kImageNetMean = {0.485f, 0.456f, 0.406f};
constexpr std::array kImageNetDeviation = {0.229f, 0.224f, 0.225f};

class Builder {
 public:
  explicit Builder(const SrganNetwork& network) : network_(network), net_("srgan") {}

  Graph Build() {
    const ValueId image = net_.graph().Input(
        "image", {Dim::Symbol("N"), network_.inputs, Dim::Symbol("H"), Dim::Symbol("W")});
    const float slope = network_.habits.slope;
    const ValueId first = Activated(network_.first, Convolved(network_.first, Taken(image)), slope);
    ValueId x = first;
    for (const auto& block : network_.blocks) x = Block(block, x);
    if (network_.middle) x = net_.Sum(first, Convolved(*network_.middle, x));
    for (const SrganUp& up : network_.ups) x = Enlarged(up, x);
    if (network_.high) x = Activated(*network_.high, Convolved(*network_.high, x), slope);
    x = Convolved(network_.last, x);
    if (network_.habits.tanh) x = net_.Tanh(x);
    x = Given(x);
    return net_.Finish(network_.habits.base ? net_.Sum(x, Base(image)) : x);
  }

 private:
  ValueId Convolved(const SrganConvolution& layer, ValueId x) {
    x = net_.Convolution(layer.name, x, layer.outputs,
                         {.kernel = layer.kernel,
                          .padding = layer.kernel / 2,
                          .bias = layer.bias,
                          .groups = layer.groups});
    return layer.norm.empty() ? x : net_.BatchNorm(layer.norm, x);
  }

  ValueId Activated(const SrganConvolution& layer, ValueId x, float slope) {
    if (!layer.slope.empty()) {
      const ValueId slopes = net_.graph().Parameter(layer.slope + ".weight", {layer.slopes});
      return net_.graph().Add(Prelu{}, {x, slopes});
    }
    if (slope == 0) return net_.Relu(x);
    return net_.graph().Add(Activation{ActivationKind::kLeakyRelu, slope}, {x});
  }

  ValueId Block(const std::pair<SrganConvolution, SrganConvolution>& block, ValueId x) {
    const ValueId inner =
        Activated(block.first, Convolved(block.first, x), network_.habits.block_slope);
    return net_.Sum(x, Convolved(block.second, inner));
  }

  ValueId Enlarged(const SrganUp& up, ValueId x) {
    const SrganConvolution& layer = up.convolution;
    const float slope = network_.habits.slope;
    if (!up.shuffle) {
      x = net_.graph().Add(Resize{.num = {up.scale, up.scale}}, {x});
      return Activated(layer, Convolved(layer, x), slope);
    }
    x = Convolved(layer, x);
    // A slope for each channel there is before the shuffle acts there; all else may act behind.
    const bool before = !layer.slope.empty() && layer.slopes == layer.outputs;
    if (before) x = Activated(layer, x, slope);
    x = net_.graph().Add(PixelShuffle{up.scale}, {x});
    return before ? x : Activated(layer, x, slope);
  }

  ValueId Base(ValueId image) {
    const int64_t scale = ScaleOf(network_);
    return net_.graph().Add(Resize{.mode = ResizeMode::kBilinear,
                                   .coordinates = ResizeCoordinates::kHalfPixel,
                                   .num = {scale, scale}},
                            {image});
  }

  // Each of three channels times its scale, plus its shift.
  ValueId EachChannel(ValueId x, const std::array<Affine, 3>& affines) {
    std::vector<ValueId> parts;
    for (int64_t i = 0; i < 3; ++i) {
      const Slice one{.axis = 1, .begin = i, .end_margin = 2 - i};
      parts.push_back(
          net_.graph().Add(affines[static_cast<size_t>(i)], {net_.graph().Add(one, {x})}));
    }
    return net_.Join(parts);
  }

  // [0, 1] to what the network takes.
  ValueId Taken(ValueId image) {
    switch (network_.habits.in) {
      case SrganValues::kUnit: return image;
      case SrganValues::kSigned: return net_.graph().Add(Affine{.scale = 2, .shift = -1}, {image});
      case SrganValues::kImageNet: break;
    }
    std::array<Affine, 3> affines;
    for (size_t i = 0; i < 3; ++i) {
      affines[i] = {.scale = 1 / kImageNetDeviation[i],
                    .shift = -kImageNetMean[i] / kImageNetDeviation[i]};
    }
    return EachChannel(image, affines);
  }

  // What the network gives to [0, 1].
  ValueId Given(ValueId x) {
    switch (network_.habits.out) {
      case SrganValues::kUnit: return x;
      case SrganValues::kSigned: return net_.graph().Add(Affine{.scale = .5f, .shift = .5f}, {x});
      case SrganValues::kImageNet: break;
    }
    std::array<Affine, 3> affines;
    for (size_t i = 0; i < 3; ++i) {
      affines[i] = {.scale = kImageNetDeviation[i], .shift = kImageNetMean[i]};
    }
    return EachChannel(x, affines);
  }

  const SrganNetwork& network_;
  NetworkBuilder net_;
};

std::vector<int64_t> StepsTo(int64_t scale) {
  if (scale == 3) return {3};
  std::vector<int64_t> steps;
  for (int64_t i = 2; i <= scale; i *= 2) steps.push_back(2);
  return steps;
}

SrganNetwork Modified(const SrganSizes& sizes) {
  const int64_t f = sizes.features;
  SrganNetwork net{.inputs = sizes.channels};
  net.first = {.name = "conv_first", .outputs = f};
  for (int64_t i = 0; i < sizes.blocks; ++i) {
    net.blocks.push_back({{.name = fmt::format("body.{}.conv1", i), .outputs = f},
                          {.name = fmt::format("body.{}.conv2", i), .outputs = f}});
  }
  for (const int64_t step : StepsTo(sizes.scale)) {
    net.ups.push_back({.convolution = {.name = fmt::format("upconv{}", net.ups.size() + 1),
                                       .outputs = f * step * step},
                       .scale = step});
  }
  net.high = SrganConvolution{.name = "conv_hr", .outputs = f};
  net.last = {.name = "conv_last", .outputs = sizes.channels};
  return net;
}

}  // namespace

int64_t ScaleOf(const SrganNetwork& network) {
  int64_t scale = 1;
  for (const SrganUp& up : network.ups) scale *= up.scale;
  return scale;
}

Graph SrganGraph(const SrganNetwork& network) { return Builder(network).Build(); }

SrganNetwork SrganOf(const SrganSizes& sizes) {
  if (sizes.modified) return Modified(sizes);
  const auto named = [&](const std::string& head, int64_t at, bool norm, bool active) {
    return SrganConvolution{.name = fmt::format("{}.{}", head, at),
                            .outputs = sizes.features,
                            .bias = !norm,
                            .norm = norm ? fmt::format("{}.{}", head, at + 1) : "",
                            .slope = active && sizes.slopes > 0
                                         ? fmt::format("{}.{}", head, norm ? at + 2 : at + 1)
                                         : "",
                            .slopes = sizes.slopes};
  };
  SrganNetwork net{.inputs = sizes.channels, .first = named("conv1", 0, false, true)};
  net.first.kernel = sizes.kernel;
  for (int64_t i = 0; i < sizes.blocks; ++i) {
    const std::string head = fmt::format("trunk.{}.rcb", i);
    net.blocks.emplace_back(named(head, 0, sizes.norm, true), named(head, 3, sizes.norm, false));
  }
  net.middle = named("conv2", 0, sizes.norm, false);
  for (const int64_t step : StepsTo(sizes.scale)) {
    const std::string head = fmt::format("upsampling.{}.upsample_block", net.ups.size());
    SrganUp up{.convolution = named(head, 0, false, true), .scale = step};
    up.convolution.outputs *= step * step;
    if (!up.convolution.slope.empty()) up.convolution.slope = head + ".2";
    net.ups.push_back(std::move(up));
  }
  net.last = {.name = "conv3", .outputs = sizes.channels, .kernel = sizes.kernel};
  return net;
}

}  // namespace gan::core
