#include "models/dcgan/network.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "models/network_builder.h"
#include "models/stages.h"

namespace gan::core {
namespace {

// Deeper layers have up to this many times the width: what 128 pixels need in the usual design.
constexpr int64_t kWidest = 16;
constexpr int64_t kMaxSide = 4096;

// Numbers the modules of an nn.Sequential called "main".
class Numbering {
 public:
  std::string Next() { return fmt::format("main.{}", next_++); }
  void SkipActivation() { ++next_; }

 private:
  int64_t next_ = 0;
};

}  // namespace

DcganGenerator DcganGeneratorFor(const PairConfig& config) {
  const bool norm = config.generator_norm.value_or(true);
  const int64_t doublings = StagesOf(config.size).doublings;
  DcganGenerator generator{.latent = config.latent, .classes = config.classes};
  // A number for each class beside the latent: wider embeddings drown the latent, since all their
  // weights learn the same thing at once, and each class ends as a single picture.
  if (config.classes > 0) generator.embedding = std::min(config.classes, config.latent);
  Numbering modules;
  for (int64_t i = 0; i <= doublings; ++i) {
    const bool last = i == doublings;
    DcganLayer layer{.name = modules.Next()};
    // A bias before a batch norm would be taken away by it; the example has none at the end either.
    layer.bias = !norm;
    layer.channels =
        last ? config.channels : Widened(config.generator_width, doublings - 1 - i, kWidest);
    if (i == 0) {
      layer.kernel = StagesOf(config.size).base;
      layer.stride = 1;
      layer.padding = 0;
    }
    if (norm && !last) layer.norm = modules.Next();
    modules.SkipActivation();
    generator.layers.push_back(std::move(layer));
  }
  return generator;
}

namespace {

class GeneratorBuilder {
 public:
  explicit GeneratorBuilder(const DcganGenerator& generator) : g_(generator), net_("dcgan") {}

  Graph Build() {
    ValueId x = Input();
    if (g_.stem) x = Stem(*g_.stem, x);
    for (size_t i = 0; i < g_.layers.size(); ++i) {
      x = Layer(g_.layers[i], x);
      if (i == 0 && branch_) x = net_.Join({x, *branch_});
      if (i + 1 < g_.layers.size()) x = Active(x);
    }
    return net_.Finish(net_.Tanh(x));
  }

 private:
  ValueId Active(ValueId x) { return g_.slope > 0 ? net_.LeakyRelu(x, g_.slope) : net_.Relu(x); }

  // The latent with what stands for the class.
  ValueId Input() {
    const ValueId z = g_.stem ? net_.Latent(g_.latent) : net_.SpatialLatent(g_.latent);
    if (g_.classes == 0) return z;
    ValueId labels = net_.Labels(g_.classes);
    if (g_.condition == DcganCondition::kBranch) {
      branch_ = Layer(*g_.branch, net_.Reshaped(labels, {g_.classes, 1, 1}));
      return z;
    }
    ValueId embedded = net_.Linear("label_embedding", labels, g_.embedding, false);
    if (!g_.stem) embedded = net_.Reshaped(embedded, {g_.embedding, 1, 1});
    return g_.condition == DcganCondition::kTimes ? net_.Product(z, embedded)
                                                  : net_.Join({z, embedded});
  }

  ValueId Stem(const DcganStem& stem, ValueId x) {
    x = net_.Linear(stem.name, x, stem.channels * stem.side * stem.side, stem.bias);
    const auto reshape = [&] { x = net_.Reshaped(x, {stem.channels, stem.side, stem.side}); };
    if (!stem.norm_of_row) reshape();
    if (!stem.norm.empty()) x = net_.BatchNorm(stem.norm, x, stem.epsilon);
    if (stem.active) x = Active(x);
    if (stem.norm_of_row) reshape();
    return x;
  }

  ValueId Layer(const DcganLayer& layer, ValueId x) {
    const ConvolutionSizes sizes{.kernel = layer.kernel,
                                 .stride = layer.stride,
                                 .padding = layer.padding,
                                 .bias = layer.bias,
                                 .output_padding = layer.output_padding};
    if (layer.doubled) x = net_.Doubled(x, false);
    x = layer.plain ? net_.Convolution(layer.name, x, layer.channels, sizes)
                    : net_.Transposed(layer.name, x, layer.channels, sizes);
    return layer.norm.empty() ? x : net_.BatchNorm(layer.norm, x, layer.epsilon);
  }

  const DcganGenerator& g_;
  NetworkBuilder net_;
  std::optional<ValueId> branch_;
};

}  // namespace

Graph DcganGeneratorGraph(const DcganGenerator& generator) {
  return GeneratorBuilder(generator).Build();
}

int64_t SideAfter(const DcganLayer& layer, int64_t side) {
  if (layer.doubled) side *= 2;
  if (layer.plain) return (side + 2 * layer.padding - layer.kernel) / layer.stride + 1;
  return (side - 1) * layer.stride - 2 * layer.padding + layer.kernel + layer.output_padding;
}

int64_t SideOf(const DcganGenerator& generator) {
  int64_t side = generator.stem ? generator.stem->side : 1;
  for (const DcganLayer& layer : generator.layers) {
    side = SideAfter(layer, side);
    if (side < 1 || side > kMaxSide) {
      Fail(ErrorCode::kBadData, "dcgan", "\"{}\" would make pictures of {} pixels a side",
           Printable(layer.name), side);
    }
  }
  return side;
}

Graph DcganDiscriminatorGraph(const PairConfig& config) {
  const bool norm = config.discriminator_norm.value_or(true);
  NetworkBuilder net("dcgan discriminator");
  ValueId x = net.Image(config.channels, config.size);
  std::optional<ValueId> labels;
  if (config.classes > 0) labels = net.Labels(config.classes);
  const int64_t halvings = StagesOf(config.size).doublings;
  Numbering modules;
  for (int64_t i = 0; i < halvings; ++i) {
    // As in the example, the layer that sees the picture is not normalised.
    const bool normalised = norm && i > 0;
    x = net.Convolution(modules.Next(), x, Widened(config.discriminator_width, i, kWidest),
                        {.kernel = 4, .stride = 2, .padding = 1, .bias = !norm});
    if (normalised) x = net.BatchNorm(modules.Next(), x);
    x = net.LeakyRelu(x);
    modules.SkipActivation();
    if (config.dropout > 0) modules.SkipActivation();
    x = net.Dropped(x, config.dropout);
  }
  const ValueId logit =
      net.Convolution(modules.Next(), x, 1, {.kernel = StagesOf(config.size).base, .bias = !norm});
  const ValueId flat = net.Reshaped(logit, {1});
  if (!labels) return net.Finish(flat);
  // The projection sees where each feature lies: a sum over pixels, enough for textures, cannot
  // tell digits of the same strokes apart.
  const ValueId features =
      net.Reshaped(x, {Widened(config.discriminator_width, halvings - 1, kWidest) *
                       StagesOf(config.size).base * StagesOf(config.size).base});
  return net.Finish(net.Sum(flat, net.ProjectionScore(features, *labels)));
}

}  // namespace gan::core
