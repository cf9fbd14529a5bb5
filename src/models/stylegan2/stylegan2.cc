#include "models/stylegan2/stylegan2.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "models/generator_facts.h"
#include "models/stylegan2/layout.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "stylegan2";

constexpr std::array kSizes = {
    SizeSpec{"size", 256, 4, 4096},      SizeSpec{"channels", 3, 1, 4},
    SizeSpec{"latent", 512, 1, 4096},    SizeSpec{"classes", 0, 0, 4096},
    SizeSpec{"style", 512, 1, 4096},     SizeSpec{"mapping", 8, 1, 32},
    SizeSpec{"base", 32768, 4, 1 << 20}, SizeSpec{"widest", 512, 1, 4096},
    SizeSpec{"architecture", 0, 0, 2},   SizeSpec{"clamp", 0, 0, 1 << 20},
};

constexpr std::array kArchitectures = {StyleArchitecture::kSkip, StyleArchitecture::kResidual,
                                       StyleArchitecture::kOriginal};

int64_t NumberOf(StyleArchitecture architecture) {
  for (size_t i = 0; i < kArchitectures.size(); ++i) {
    if (kArchitectures[i] == architecture) return static_cast<int64_t>(i);
  }
  GAN_ASSERT(false);
  return 0;
}

Model Describe(const StyleGan2Network& network) {
  const StyleBlock& last = network.blocks.back();
  if (!last.to_picture) {
    Fail(ErrorCode::kBadData, kName, "wants a layer to a picture in the last block");
  }
  Model model = DescribeGenerator({.family = kName,
                                   .title = "StyleGAN2",
                                   .size = last.size,
                                   .channels = last.to_picture->outputs,
                                   .latent = network.latent,
                                   .classes = network.classes});
  constexpr std::array<std::string_view, 3> kNames = {"skip", "residual", "original"};
  const auto architecture = static_cast<size_t>(NumberOf(network.architecture));
  model.facts.push_back({"architecture", std::string(kNames[architecture])});
  model.facts.push_back({"style", fmt::format("{}", network.style)});
  model.facts.push_back({"mapping", fmt::format("{}", network.mapping.size())});
  model.facts.push_back({"clamp", network.clamp ? fmt::format("{:g}", *network.clamp) : "none"});
  StyleGan2Graph built = BuildStyleGan2(network);
  model.graph = std::move(built.graph);
  model.style = std::move(built.controls);
  return model;
}

Model Detect(const StateDict& dict) {
  const StyleGan2Layout layout = ReadStyleGan2(dict);
  Model model = Describe(layout.network);
  model.parameters = TakeStyleParameters(layout.network, model.graph, dict);
  model.facts.push_back({"tensor names", layout.spelling});
  return model;
}

Model Build(const ModelSizes& sizes) {
  const auto size = [&](std::string_view name) { return sizes.find(name)->second; };
  const int64_t side = size("size");
  if ((side & (side - 1)) != 0) {
    Fail(ErrorCode::kUsage, kName, "wants a size that is a power of two, got {}", side);
  }
  std::optional<float> clamp;
  if (size("clamp") > 0) clamp = static_cast<float>(size("clamp"));
  Model model = Describe(
      StyleGan2Of({.latent = size("latent"),
                   .classes = size("classes"),
                   .style = size("style"),
                   .size = side,
                   .channels = size("channels"),
                   .mapping = size("mapping"),
                   .base = size("base"),
                   .widest = size("widest"),
                   .architecture = kArchitectures[static_cast<size_t>(size("architecture"))],
                   .clamp = clamp}));
  for (const std::string& name : model.style->truncations) {
    model.parameters.Add(name, Tensor::FromFloats({1, 1}, std::vector<float>{1}));
  }
  return model;
}

}  // namespace

const Family kStyleGan2 = {kName, "StyleGAN2 generator", kSizes, AgainstStyleGan2, Detect, Build};

}  // namespace gan::core
