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

Graph DcganGeneratorGraph(const DcganGenerator& generator) {
  NetworkBuilder net("dcgan");
  ValueId x = net.SpatialLatent(generator.latent);
  if (generator.classes > 0) {
    const ValueId labels = net.Labels(generator.classes);
    const ValueId embedded = net.Linear("label_embedding", labels, generator.embedding, false);
    x = net.Join({x, net.Reshaped(embedded, {generator.embedding, 1, 1})});
  }
  for (size_t i = 0; i < generator.layers.size(); ++i) {
    const DcganLayer& layer = generator.layers[i];
    x = net.Transposed(layer.name, x, layer.channels,
                       {.kernel = layer.kernel,
                        .stride = layer.stride,
                        .padding = layer.padding,
                        .bias = layer.bias});
    if (!layer.norm.empty()) x = net.BatchNorm(layer.norm, x);
    x = i + 1 < generator.layers.size() ? net.Relu(x) : net.Tanh(x);
  }
  return net.Finish(x);
}

int64_t SideOf(const DcganGenerator& generator) {
  int64_t side = 1;
  for (const DcganLayer& layer : generator.layers) {
    side = (side - 1) * layer.stride - 2 * layer.padding + layer.kernel;
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
