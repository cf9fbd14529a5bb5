#include "models/r3gan/network.h"

#include <numeric>
#include <optional>
#include <string>

#include "base/error.h"
#include "models/network_builder.h"
#include "models/stages.h"

namespace gan::core {
namespace {

// The paper keeps widths nearly even over the stages.
constexpr int64_t kWidest = 4;
constexpr int64_t kGroup = 16;
constexpr int64_t kBlocks = 2;

constexpr ConvolutionSizes kOne{.kernel = 1};
constexpr ConvolutionSizes kOneWithoutBias{.kernel = 1, .bias = false};

// The paper's sixteen features a group, or as many of them as divide the hidden ones.
R3ganStage StageOf(int64_t width) {
  return {
      .width = width, .hidden = 2 * width, .group = std::gcd(2 * width, kGroup), .blocks = kBlocks};
}

// x + a branch that widens, mixes neighbours in groups, and narrows, without any normalisation.
ValueId Block(NetworkBuilder& net, const std::string& name, ValueId x, const R3ganStage& stage) {
  ValueId y = net.LeakyRelu(net.Convolution(name + ".conv1", x, stage.hidden, kOne));
  y = net.LeakyRelu(
      net.Convolution(name + ".conv2", y, stage.hidden,
                      {.kernel = 3, .padding = 1, .groups = stage.hidden / stage.group}));
  return net.Sum(x, net.Convolution(name + ".conv3", y, stage.width, kOneWithoutBias));
}

ValueId Blocks(NetworkBuilder& net, const std::string& name, ValueId x, const R3ganStage& stage) {
  for (int64_t j = 0; j < stage.blocks; ++j) {
    x = Block(net, fmt::format("{}.blocks.{}", name, j), x, stage);
  }
  return x;
}

// 1 x 1, and only where it changes something.
ValueId Transition(NetworkBuilder& net, const std::string& name, ValueId x, int64_t width) {
  if (net.ChannelsOf(x) == width) return x;
  return net.Convolution(name + ".transition", x, width, kOneWithoutBias);
}

}  // namespace

R3ganGenerator R3ganGeneratorFor(const PairConfig& config) {
  const Stages stages = StagesOf(config.size);
  R3ganGenerator generator{.latent = config.latent,
                           .classes = config.classes,
                           .embedding = config.classes > 0 ? config.latent : 0,
                           .base = stages.base,
                           .channels = config.channels};
  for (int64_t i = stages.doublings; i >= 0; --i) {
    generator.stages.push_back(StageOf(Widened(config.generator_width, i, kWidest)));
  }
  return generator;
}

int64_t SideOf(const R3ganGenerator& generator) {
  return generator.base << (generator.stages.size() - 1);
}

Graph R3ganGeneratorGraph(const R3ganGenerator& generator) {
  NetworkBuilder net("r3gan");
  ValueId z = net.Latent(generator.latent);
  if (generator.classes > 0) {
    const ValueId labels = net.Labels(generator.classes);
    z = net.Join({z, net.Linear("label_embedding", labels, generator.embedding, false)});
  }
  const int64_t first = generator.stages[0].width;
  const ValueId basis = net.graph().Parameter("basis", {1, first, generator.base, generator.base});
  const ValueId scale = net.Reshaped(net.Linear("linear", z, first), {first, 1, 1});
  ValueId x = net.Product(scale, basis);
  for (size_t i = 0; i < generator.stages.size(); ++i) {
    const R3ganStage& stage = generator.stages[i];
    const std::string name = fmt::format("stages.{}", i);
    // Narrowing before enlarging gives what the other order gives, for a quarter of the work.
    if (i > 0) x = net.Doubled(Transition(net, name, x, stage.width), true);
    x = Blocks(net, name, x, stage);
  }
  return net.Finish(net.Tanh(net.Convolution("output", x, generator.channels, kOne)));
}

Graph R3ganDiscriminatorGraph(const PairConfig& config) {
  const Stages stages = StagesOf(config.size);
  const auto width = [&](int64_t i) { return Widened(config.discriminator_width, i, kWidest); };
  NetworkBuilder net("r3gan discriminator");
  const ValueId image = net.Image(config.channels, config.size);
  std::optional<ValueId> labels;
  if (config.classes > 0) labels = net.Labels(config.classes);
  ValueId x = net.Convolution("input", image, width(0), kOne);
  for (int64_t i = 0; i <= stages.doublings; ++i) {
    const std::string name = fmt::format("stages.{}", i);
    // Bilinear halving between pixel centres is the mean of four.
    if (i > 0) x = Transition(net, name, net.MeanOfFour(x), width(i));
    x = net.Dropped(Blocks(net, name, x, StageOf(width(i))), config.dropout);
  }
  const int64_t features = net.ChannelsOf(x);
  x = net.Convolution("pooling", x, features,
                      {.kernel = stages.base, .bias = false, .groups = features});
  return net.Finish(net.Judge(net.Reshaped(x, {features}), labels ? &*labels : nullptr));
}

}  // namespace gan::core
