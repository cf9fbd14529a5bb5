#include "models/r3gan/r3gan.h"

#include <array>

#include "base/error.h"
#include "models/generator_facts.h"
#include "models/r3gan/network.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "r3gan";

constexpr std::array kSizes = {
    SizeSpec{"size", 64, 16, 256},   SizeSpec{"channels", 3, 1, 4}, SizeSpec{"latent", 64, 1, 4096},
    SizeSpec{"classes", 0, 0, 4096}, SizeSpec{"width", 64, 1, 256},
};

constexpr std::string_view kFirstBlock = "stages.0.blocks.0.conv1.weight";

std::string Against(const StateDict& dict) {
  if (dict.Find(kFirstBlock) == nullptr || dict.Find("linear.weight") == nullptr) {
    return "has no stages of residual blocks (\"stages.0.blocks.0.conv1.weight\"...)";
  }
  return "";
}

bool IsDiscriminator(const StateDict& dict) { return dict.Find("pooling.weight") != nullptr; }

R3ganStage ReadStage(const StateDict& dict, int64_t index) {
  const auto convolution = [&](std::string_view name) {
    return dict.Require(kName, fmt::format("stages.{}.blocks.0.{}.weight", index, name), 4).shape();
  };
  R3ganStage stage;
  stage.width = convolution("conv1")[1];
  stage.hidden = convolution("conv1")[0];
  stage.group = convolution("conv2")[1];
  stage.blocks = LastIndex(dict, fmt::format("stages.{}.blocks.", index)) + 1;
  // Names alone must not make a large graph: a block has 5 tensors.
  if (stage.hidden % stage.group != 0 ||
      stage.blocks * 5 > static_cast<int64_t>(dict.tensors.size())) {
    Fail(ErrorCode::kBadData, kName,
         "\"{}stages.{}\" promises {} blocks of {} features in groups of {}: cut short?",
         Printable(dict.prefix), index, stage.blocks, stage.hidden, stage.group);
  }
  return stage;
}

R3ganGenerator ReadSizes(const StateDict& dict) {
  const int64_t stages = LastIndex(dict, "stages.") + 1;
  if (stages > 9) {
    Fail(ErrorCode::kBadData, kName, "has {} stages that double the picture; 9 are allowed",
         stages);
  }
  R3ganGenerator generator;
  for (int64_t i = 0; i < stages; ++i) generator.stages.push_back(ReadStage(dict, i));
  generator.base = dict.Require(kName, "basis", 4).shape()[2];
  generator.channels = dict.Require(kName, "output.weight", 4).shape()[0];
  generator.latent = dict.Require(kName, "linear.weight", 2).shape()[1];
  if (dict.Find("label_embedding.weight") != nullptr) {
    const Shape& table = dict.Require(kName, "label_embedding.weight", 2).shape();
    generator.embedding = table[0];
    generator.classes = table[1];
    generator.latent -= table[0];
  }
  if (generator.latent < 1 || generator.base > 64) {
    Fail(ErrorCode::kBadData, kName, "has a latent of {} numbers and a basis of {} pixels a side",
         generator.latent, generator.base);
  }
  return generator;
}

Model Describe(const R3ganGenerator& generator) {
  Model model = DescribeGenerator({.family = kName,
                                   .title = "R3GAN",
                                   .size = SideOf(generator),
                                   .channels = generator.channels,
                                   .latent = generator.latent,
                                   .classes = generator.classes});
  model.facts.push_back({"width", fmt::format("{}", generator.stages.back().width)});
  model.graph = R3ganGeneratorGraph(generator);
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
  return Describe(R3ganGeneratorFor(PairConfigOf(kName, sizes)));
}

Pair BuildR3ganPair(const PairConfig& config) {
  if (config.attention) {
    Fail(ErrorCode::kConfiguration, kName, "has no attention; resnet-gan has");
  }
  if (config.generator_norm.value_or(false) || config.discriminator_norm.value_or(false)) {
    Fail(ErrorCode::kConfiguration, kName,
         "has no normalisation in either network, by design; wants norm none");
  }
  return {R3ganGeneratorGraph(R3ganGeneratorFor(config)), R3ganDiscriminatorGraph(config)};
}

std::optional<Start> StartOf(std::string_view parameter) {
  // On the scale of the latent, and of features after a linear layer of it.
  if (parameter == "label_embedding.weight" || parameter == "basis") return Start{0, 1};
  return std::nullopt;
}

std::optional<BranchPlace> BranchOf(std::string_view parameter) {
  if (parameter.ends_with(".conv1.weight")) return BranchPlace{3, false};
  if (parameter.ends_with(".conv2.weight")) return BranchPlace{3, false};
  if (parameter.ends_with(".conv3.weight")) return BranchPlace{3, true};
  return std::nullopt;
}

constexpr PairFamily kPair = {BuildR3ganPair, InitStyle::kFixup, StartOf, BranchOf};

}  // namespace

const Family kR3gan = {kName, "R3GAN generator", kSizes, Against, Detect, Build, &kPair};

}  // namespace gan::core
