#include "models/stylegan2/network.h"

#include <cmath>
#include <utility>

#include "base/error.h"
#include "models/network_builder.h"

namespace gan::core {
namespace {

// What keeps the variance of activations at 1: after LeakyReLU, and where two branches add up.
const float kActivationGain = std::sqrt(2.0f);
const float kBranchGain = std::sqrt(0.5f);

// Of convolutions: one in the first block, two in the others. The last picture has one of its own.
int64_t LayersOf(const StyleGan2Network& network) {
  return 2 * static_cast<int64_t>(network.blocks.size());
}

class Builder {
 public:
  explicit Builder(const StyleGan2Network& network)
      : network_(network), net_("stylegan2"), affines_(static_cast<size_t>(LayersOf(network))) {}

  Graph BuildMapping() { return net_.Finish(Mapping()); }

  StyleGan2Graph BuildWhole() {
    shared_ = Mapping();
    const ValueId picture = Synthesis();
    return {net_.Finish(picture), std::move(controls_)};
  }

  Graph BuildSynthesis() {
    all_ = net_.graph().Input("w", {Dim::Symbol("N"), LayersOf(network_) * network_.style});
    return net_.Finish(Synthesis());
  }

  std::vector<std::string> TakeAffines() { return std::move(affines_); }

 private:
  ValueId Synthesis() {
    ValueId x = net_.graph().Parameter(network_.constant, {1, network_.constant_channels, 4, 4});
    std::optional<ValueId> picture;
    size_t layer = 0;
    for (const StyleBlock& block : network_.blocks) {
      x = Block(block, x, layer);
      if (block.to_picture) picture = Picture(block, x, layer, picture);
    }
    GAN_ASSERT(picture.has_value());
    return *picture;
  }

  ValueId Scaled(ValueId x, float scale) {
    return scale == 1 ? x : net_.graph().Add(Affine{.scale = scale}, {x});
  }

  ValueId Leaky(ValueId x) { return net_.LeakyRelu(x); }

  // (x gain / bias_gain) weight^T + bias: what is still to be multiplied by bias_gain.
  ValueId Linear(const StyleLinear& linear, ValueId x) {
    return net_.Linear(linear.name, Scaled(x, linear.gain / linear.bias_gain), linear.outputs);
  }

  ValueId Mapping() {
    ValueId x = net_.graph().Add(PixelNorm{}, {net_.Latent(network_.latent)});
    if (network_.classes > 0) {
      const StyleLinear& embedding = *network_.embedding;
      const ValueId labels = net_.Labels(network_.classes);
      const ValueId embedded = Scaled(Linear(embedding, labels), embedding.bias_gain);
      x = net_.Join({x, net_.graph().Add(PixelNorm{}, {embedded})});
    }
    for (const StyleLinear& linear : network_.mapping) {
      x = Scaled(Leaky(Linear(linear, x)), linear.bias_gain * kActivationGain);
    }
    return x;
  }

  // The style of a layer as it comes in: of its own, or that of all.
  ValueId GivenStyle(size_t layer) {
    if (!all_) return *shared_;
    const int64_t begin = static_cast<int64_t>(layer) * network_.style;
    const int64_t end = begin + network_.style;
    const int64_t behind = LayersOf(network_) * network_.style - end;
    return net_.graph().Add(Slice{.axis = 1, .begin = begin, .end_margin = behind}, {*all_});
  }

  // The style of a layer: between the average one and its own.
  ValueId StyleOf(size_t layer) {
    while (styles_.size() <= layer) {
      const ValueId given = GivenStyle(styles_.size());
      if (network_.average.empty()) {
        styles_.push_back(given);
        continue;
      }
      const std::string name = fmt::format("truncation.{}", styles_.size());
      const ValueId average = net_.graph().Parameter(network_.average, {1, network_.style});
      const ValueId psi = net_.graph().Parameter(name, {1, 1});
      const ValueId away = net_.graph().Add(Binary{BinaryKind::kSubtract}, {given, average});
      styles_.push_back(net_.Sum(net_.Product(away, psi), average));
      controls_.truncations.push_back(name);
    }
    return styles_[layer];
  }

  // x with each channel scaled by the style; the style is left in style_.
  ValueId Modulated(const StyleConvolution& convolution, ValueId x, size_t layer) {
    const int64_t channels = net_.ChannelsOf(x);
    const float gain = 1 / std::sqrt(static_cast<float>(network_.style));
    // A picture shares its style with the convolution that comes next.
    if (convolution.kernel > 1 || affines_[layer].empty()) {
      affines_[layer] = convolution.affine + ".weight";
    }
    style_ = net_.Linear(convolution.affine, Scaled(StyleOf(layer), gain), channels);
    return net_.Product(x, net_.Reshaped(style_, {channels, 1, 1}));
  }

  ValueId WeightOf(const StyleConvolution& c, int64_t inputs) {
    const int64_t first = c.doubles ? inputs : c.outputs, second = c.doubles ? c.outputs : inputs;
    return net_.graph().Parameter(c.weight, {first, second, c.kernel, c.kernel});
  }

  ValueId Convolved(const StyleConvolution& c, ValueId x) {
    const ValueId weight = WeightOf(c, net_.ChannelsOf(x));
    const Size2d kernel{c.kernel, c.kernel};
    const int64_t p = c.kernel / 2;
    if (!c.doubles) {
      return net_.graph().Add(Conv2d{.kernel = kernel, .padding = {p, p, p, p}}, {x, weight});
    }
    return net_.graph().Add(ConvTranspose2d{.kernel = kernel, .stride = {2, 2}}, {x, weight});
  }

  // Smooths what a transposed convolution made, and takes the pixels off that it made too many.
  ValueId Smoothed(const StyleConvolution& c, ValueId x) {
    const int64_t f = network_.filter_size, border = c.kernel / 2;
    const int64_t before = border + (f + 1) / 2 - (c.kernel - 1);
    const int64_t after = border + (f - 2) / 2 - (c.kernel - 2);
    return net_.graph().Add(Upfirdn2d{.filter = {f, f},
                                      .padding = {before, before, after, after},
                                      .gain = network_.filter_gain},
                            {x, net_.graph().Parameter(c.filter, {f, f})});
  }

  // Twice as large.
  ValueId Enlarged(const std::string& filter, ValueId x) {
    const int64_t f = network_.filter_size, before = (f + 1) / 2, after = (f - 2) / 2;
    return net_.graph().Add(Upfirdn2d{.up = {2, 2},
                                      .filter = {f, f},
                                      .padding = {before, before, after, after},
                                      .gain = network_.filter_gain},
                            {x, net_.graph().Parameter(filter, {f, f})});
  }

  ValueId WithNoise(const StyleConvolution& c, int64_t size, ValueId x) {
    if (c.noise.empty()) return x;
    const ValueId noise = net_.graph().Parameter(c.noise, {1, 1, size, size});
    const ValueId strength = net_.graph().Parameter(c.strength, {1, 1, 1, 1});
    controls_.noises.push_back(c.noise);
    controls_.strengths.push_back(c.strength);
    return net_.Sum(x, net_.Product(noise, strength));
  }

  ValueId WithBias(const StyleConvolution& c, ValueId x) {
    return net_.Sum(x, net_.graph().Parameter(c.bias, {1, c.outputs, 1, 1}));
  }

  ValueId Clamped(ValueId x, float gain) {
    if (!network_.clamp) return x;
    const float most = *network_.clamp * gain;
    return net_.graph().Add(Activation{ActivationKind::kClip, -most, most}, {x});
  }

  ValueId Layer(const StyleConvolution& c, int64_t size, float gain, ValueId x, size_t layer) {
    x = Convolved(c, Modulated(c, x, layer));
    const Demodulate demodulate{.scale = c.scale, .transposed = c.doubles};
    const ValueId weight = WeightOf(c, net_.ChannelsOf(style_));
    const ValueId factor = Scaled(net_.graph().Add(demodulate, {style_, weight}), c.scale);
    x = net_.Product(x, net_.Reshaped(factor, {c.outputs, 1, 1}));
    if (c.doubles) x = Smoothed(c, x);
    x = Leaky(WithBias(c, WithNoise(c, size, x)));
    return Clamped(Scaled(x, kActivationGain * gain), gain);
  }

  ValueId Block(const StyleBlock& block, ValueId x, size_t& layer) {
    const bool residual = !block.shortcut.empty();
    const float gain = residual ? kBranchGain : 1;
    std::optional<ValueId> shortcut;
    if (residual) shortcut = Shortcut(block, x);
    if (block.doubling) x = Layer(*block.doubling, block.size, 1, x, layer++);
    x = Layer(block.keeping, block.size, gain, x, layer++);
    return shortcut ? net_.Sum(*shortcut, x) : x;
  }

  // The inputs by a convolution of 1 x 1, enlarged.
  ValueId Shortcut(const StyleBlock& block, ValueId x) {
    const int64_t inputs = net_.ChannelsOf(x), outputs = block.keeping.outputs;
    const ValueId weight = net_.graph().Parameter(block.shortcut, {outputs, inputs, 1, 1});
    const float gain = kBranchGain / std::sqrt(static_cast<float>(inputs));
    x = net_.graph().Add(Conv2d{}, {x, weight});
    return Scaled(Enlarged(block.shortcut_filter, x), gain);
  }

  ValueId Picture(const StyleBlock& block, ValueId x, size_t layer,
                  const std::optional<ValueId>& before) {
    const StyleConvolution& c = *block.to_picture;
    ValueId made = Scaled(Convolved(c, Modulated(c, x, layer)), c.scale);
    made = Clamped(WithBias(c, made), 1);
    return before ? net_.Sum(Enlarged(block.picture_filter, *before), made) : made;
  }

  const StyleGan2Network& network_;
  NetworkBuilder net_;
  StyleControls controls_;
  std::vector<std::string> affines_;
  std::optional<ValueId> shared_;  // the style of all layers, or
  std::optional<ValueId> all_;     // those of each, one after another
  ValueId style_{};
  std::vector<ValueId> styles_;
};

}  // namespace

StyleGan2Graph BuildStyleGan2(const StyleGan2Network& network) {
  Builder builder(network);
  StyleGan2Graph whole = builder.BuildWhole();
  whole.controls.space = {.width = network.style,
                          .layers = LayersOf(network),
                          .average = network.average,
                          .mapping = Builder(network).BuildMapping(),
                          .synthesis = Builder(network).BuildSynthesis(),
                          .affines = builder.TakeAffines()};
  return whole;
}

}  // namespace gan::core
