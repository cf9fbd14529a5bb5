#include "models/resnet_gan/network.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/error.h"
#include "models/network_builder.h"
#include "models/stages.h"

namespace gan::core {
namespace {

// SNGAN's networks for 128 pixels are this much wider at their narrow end than at the picture.
constexpr int64_t kWidest = 16;

// Where attention stands: at 32 pixels as in SAGAN, at half the picture where that is no larger.
int64_t AttentionSide(int64_t size) { return std::min<int64_t>(size / 2, 32); }

constexpr ConvolutionSizes kThree{.kernel = 3, .padding = 1};
constexpr ConvolutionSizes kOne{.kernel = 1};

class GeneratorBuilder {
 public:
  explicit GeneratorBuilder(const ResnetGenerator& sizes) : sizes_(sizes), net_("resnet-gan") {}

  Graph Build() {
    ValueId z = net_.Latent(sizes_.latent);
    if (sizes_.classes > 0) labels_ = net_.Labels(sizes_.classes);
    if (sizes_.embedding > 0) {
      z = net_.Join({z, net_.Linear("label_embedding", *labels_, sizes_.embedding, false)});
    }
    const int64_t base = sizes_.base;
    ValueId x = net_.Linear("linear", z, sizes_.widths[0] * base * base);
    x = net_.Reshaped(x, {sizes_.widths[0], base, base});
    for (size_t i = 1; i < sizes_.widths.size(); ++i) {
      x = Block(fmt::format("blocks.{}", i - 1), x, sizes_.widths[i]);
      if (sizes_.attention && net_.HeightOf(x) == AttentionSide(SideOf(sizes_))) {
        x = net_.SelfAttention("attention", x);
      }
    }
    if (sizes_.norm) x = net_.BatchNorm("norm", x);
    return net_.Finish(net_.Tanh(net_.Convolution("conv", net_.Relu(x), sizes_.channels, kThree)));
  }

 private:
  ValueId Activated(const std::string& norm, ValueId x) {
    if (sizes_.norm && labels_) x = net_.ClassBatchNorm(norm, x, *labels_);
    if (sizes_.norm && !labels_) x = net_.BatchNorm(norm, x);
    return net_.Relu(x);
  }

  ValueId Block(const std::string& name, ValueId x, int64_t outputs) {
    ValueId y = net_.Doubled(Activated(name + ".norm1", x), false);
    y = net_.Convolution(name + ".conv1", y, outputs, kThree);
    y = net_.Convolution(name + ".conv2", Activated(name + ".norm2", y), outputs, kThree);
    // The papers enlarge first; a 1 x 1 convolution gives the same four times over, so it is done
    // before.
    return net_.Sum(y, net_.Doubled(net_.Convolution(name + ".shortcut", x, outputs, kOne), false));
  }

  const ResnetGenerator& sizes_;
  NetworkBuilder net_;
  std::optional<ValueId> labels_;
};

class DiscriminatorBuilder {
 public:
  explicit DiscriminatorBuilder(const PairConfig& config)
      : config_(config), net_("resnet-gan discriminator") {}

  Graph Build() {
    ValueId x = net_.Image(config_.channels, config_.size);
    std::optional<ValueId> labels;
    if (config_.classes > 0) labels = net_.Labels(config_.classes);
    const int64_t halvings = StagesOf(config_.size).doublings;
    for (int64_t i = 0; i <= halvings; ++i) {
      const int64_t outputs =
          Widened(config_.discriminator_width, std::min(i, halvings - 1), kWidest);
      x = Block(fmt::format("blocks.{}", i), x, outputs, i == 0, i < halvings);
      x = net_.Dropped(x, config_.dropout);
      if (config_.attention && i < halvings && net_.HeightOf(x) == AttentionSide(config_.size)) {
        x = net_.SelfAttention("attention", x);
      }
    }
    const ValueId features = net_.SumOverPixels(net_.Relu(x));
    return net_.Finish(net_.Judge(features, labels ? &*labels : nullptr));
  }

 private:
  ValueId Activated(const std::string& norm, ValueId x) {
    return net_.Relu(config_.discriminator_norm.value_or(false) ? net_.BatchNorm(norm, x) : x);
  }

  // The block that sees the picture does not cut its negative half off first.
  ValueId Block(const std::string& name, ValueId x, int64_t outputs, bool first, bool halve) {
    ValueId y = first ? x : Activated(name + ".norm1", x);
    y = net_.Convolution(name + ".conv1", y, outputs, kThree);
    y = net_.Convolution(name + ".conv2", Activated(name + ".norm2", y), outputs, kThree);
    if (!halve) return net_.Sum(y, x);
    // Means and 1 x 1 convolutions may change places: the cheaper order.
    const ValueId shortcut =
        net_.Convolution(name + ".shortcut", net_.MeanOfFour(x), outputs, kOne);
    return net_.Sum(net_.MeanOfFour(y), shortcut);
  }

  const PairConfig& config_;
  NetworkBuilder net_;
};

}  // namespace

ResnetGenerator ResnetGeneratorFor(const PairConfig& config) {
  ResnetGenerator generator{.latent = config.latent,
                            .classes = config.classes,
                            .base = StagesOf(config.size).base,
                            .channels = config.channels,
                            .norm = config.generator_norm.value_or(true),
                            .attention = config.attention};
  const int64_t doublings = StagesOf(config.size).doublings;
  for (int64_t i = doublings; i >= 0; --i) {
    generator.widths.push_back(Widened(config.generator_width, i, kWidest));
  }
  if (config.classes > 0 && !generator.norm) generator.embedding = config.latent;
  return generator;
}

int64_t SideOf(const ResnetGenerator& generator) {
  return generator.base << (generator.widths.size() - 1);
}

Graph ResnetGeneratorGraph(const ResnetGenerator& generator) {
  return GeneratorBuilder(generator).Build();
}

Graph ResnetDiscriminatorGraph(const PairConfig& config) {
  return DiscriminatorBuilder(config).Build();
}

}  // namespace gan::core
