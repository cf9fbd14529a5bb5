#include "models/resnet_gan/resnet_gan.h"

#include <array>

#include "base/error.h"
#include "models/generator_facts.h"
#include "models/resnet_gan/network.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "resnet-gan";

constexpr std::array kSizes = {
    SizeSpec{"size", 64, 16, 256},    SizeSpec{"channels", 3, 1, 4},
    SizeSpec{"latent", 128, 1, 4096}, SizeSpec{"classes", 0, 0, 4096},
    SizeSpec{"width", 64, 1, 256},    SizeSpec{"norm", 1, 0, 1},
    SizeSpec{"attention", 0, 0, 1},
};

// Both networks have blocks; only the discriminator's ends in one number.
std::string Against(const StateDict& dict) {
  if (dict.Find("blocks.0.conv1.weight") == nullptr || dict.Find("linear.weight") == nullptr ||
      dict.Find("blocks.0.shortcut.weight") == nullptr) {
    return "has no linear layer and residual blocks (\"linear.weight\", "
           "\"blocks.0.conv1.weight\"...)";
  }
  return "";
}

bool IsDiscriminator(const StateDict& dict) { return dict.Find("conv.weight") == nullptr; }

// 4 or 7 pixels a side: linear.weight has that squared for each feature.
int64_t ReadBase(const StateDict& dict, int64_t features) {
  const int64_t outputs = dict.Require(kName, "linear.weight", 2).shape()[0];
  for (const int64_t base : {4, 7}) {
    if (outputs == features * base * base) return base;
  }
  Fail(ErrorCode::kBadData, kName,
       "\"{}linear.weight\" wants 4 x 4 or 7 x 7 pixels of {} features, got {} outputs",
       Printable(dict.prefix), features, outputs);
}

int64_t ReadClasses(const StateDict& dict) {
  for (const std::string_view name : {"label_embedding.weight", "blocks.0.norm1.gain.weight"}) {
    if (dict.Find(name) != nullptr) return dict.Require(kName, name, 2).shape()[1];
  }
  return 0;
}

ResnetGenerator ReadSizes(const StateDict& dict) {
  const int64_t blocks = LastIndex(dict, "blocks.") + 1;
  // Names alone must not make a large picture.
  if (blocks > 8) {
    Fail(ErrorCode::kBadData, kName, "has {} blocks that double the picture; 8 are allowed",
         blocks);
  }
  const auto convolution = [&](std::string_view name) {
    return dict.Require(kName, name, 4).shape();
  };
  ResnetGenerator generator;
  generator.widths.push_back(convolution("blocks.0.conv1.weight")[1]);
  for (int64_t i = 0; i < blocks; ++i) {
    generator.widths.push_back(convolution(fmt::format("blocks.{}.conv1.weight", i))[0]);
  }
  generator.base = ReadBase(dict, generator.widths[0]);
  generator.channels = convolution("conv.weight")[0];
  generator.norm = dict.Find("norm.running_mean") != nullptr;
  generator.classes = ReadClasses(dict);
  generator.attention = dict.HasPrefix("attention.");
  generator.latent = dict.Require(kName, "linear.weight", 2).shape()[1];
  if (dict.Find("label_embedding.weight") != nullptr) {
    generator.embedding = dict.Find("label_embedding.weight")->shape()[0];
    generator.latent -= generator.embedding;
  }
  if (generator.latent < 1) {
    Fail(ErrorCode::kBadData, kName,
         "\"{}label_embedding.weight\" leaves nothing of \"linear.weight\" to the latent",
         Printable(dict.prefix));
  }
  return generator;
}

Model Describe(const ResnetGenerator& generator) {
  Model model = DescribeGenerator({.family = kName,
                                   .title = "ResNet GAN",
                                   .size = SideOf(generator),
                                   .channels = generator.channels,
                                   .latent = generator.latent,
                                   .classes = generator.classes});
  if (generator.attention) model.description += ", with attention";
  model.facts.push_back({"width", fmt::format("{}", generator.widths.back())});
  model.facts.push_back({"norm", generator.norm ? "1" : "0"});
  model.facts.push_back({"attention", generator.attention ? "1" : "0"});
  model.graph = ResnetGeneratorGraph(generator);
  return model;
}

Model Detect(const StateDict& dict) {
  if (IsDiscriminator(dict)) FailDiscriminator(kName, dict);
  Model model = Describe(ReadSizes(dict));
  model.parameters = TakeParameters(kName, model.graph, dict,
                                    [](std::string_view name) { return std::string(name); });
  return model;
}

Model Build(const ModelSizes& sizes) {
  return Describe(ResnetGeneratorFor(PairConfigOf(kName, sizes)));
}

Pair BuildResnetPair(const PairConfig& config) {
  return {ResnetGeneratorGraph(ResnetGeneratorFor(config)), ResnetDiscriminatorGraph(config)};
}

std::optional<Start> StartOf(std::string_view parameter) {
  // On the scale of the latent beside it.
  if (parameter == "label_embedding.weight") return Start{0, 1};
  // The classes start alike, and attention shut.
  if (parameter.ends_with(".gain.weight") || parameter.ends_with(".shift.weight")) return Start{};
  if (parameter.ends_with(".gate")) return Start{};
  return std::nullopt;
}

std::optional<BranchPlace> BranchOf(std::string_view parameter) {
  if (parameter.ends_with(".conv1.weight")) return BranchPlace{2, false};
  if (parameter.ends_with(".conv2.weight")) return BranchPlace{2, true};
  return std::nullopt;
}

constexpr PairFamily kPair = {BuildResnetPair, InitStyle::kXavier, StartOf, BranchOf};

}  // namespace

const Family kResnetGan = {kName, "ResNet GAN generator", kSizes, Against, Detect, Build, &kPair};

}  // namespace gan::core
