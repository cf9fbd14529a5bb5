#include "models/animegan2/animegan2.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "models/animegan2/network.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "animegan2";

constexpr std::array kSizes = {
    SizeSpec{"channels", 3, 1, 16},
    SizeSpec{"width", 32, 1, 256},
    SizeSpec{"blocks", 4, 1, 64},
};

Model Describe(const AnimeGan2Sizes& sizes) {
  Model model;
  model.family = kName;
  model.description = fmt::format("AnimeGANv2 generator: {} inverted residual blocks, {} features",
                                  sizes.blocks, sizes.width);
  const auto fact = [&](std::string name, int64_t value) {
    model.facts.push_back({std::move(name), fmt::format("{}", value)});
  };
  fact("channels", sizes.channels);
  fact("width", sizes.width);
  fact("blocks", sizes.blocks);
  model.graph = AnimeGan2Graph(sizes);
  model.signed_pictures = true;
  return model;
}

std::string Against(const StateDict& dict) {
  if (dict.HasPrefix("block_a.0.1.") && dict.HasPrefix("block_c.1.layers.") &&
      dict.HasPrefix("out_layer.")) {
    return "";
  }
  return "has no blocks of AnimeGANv2 (\"block_a.0.1.weight\", \"block_c.1.layers.0.1.weight\"...)";
}

Model Detect(const StateDict& dict) {
  const Shape& head = dict.Require(kName, "block_a.0.1.weight", 4).shape();
  const AnimeGan2Sizes sizes{
      .channels = head[1], .width = head[0], .blocks = LastIndex(dict, "block_c.") - 1};
  // A block has 11 tensors: names alone must not make a large graph.
  if (sizes.blocks < 1 || sizes.blocks * 11 > static_cast<int64_t>(dict.tensors.size())) {
    Fail(ErrorCode::kBadData, kName,
         "the names promise {} inverted residual blocks, the checkpoint has {} tensors: cut short?",
         sizes.blocks, dict.tensors.size());
  }
  Model model = Describe(sizes);
  model.parameters = TakeParameters(kName, model.graph, dict,
                                    [](std::string_view name) { return std::string(name); });
  return model;
}

Model Build(const ModelSizes& sizes) {
  const auto size = [&](std::string_view name) { return sizes.find(name)->second; };
  return Describe({.channels = size("channels"), .width = size("width"), .blocks = size("blocks")});
}

}  // namespace

const Family kAnimeGan2 = {kName, "AnimeGANv2 generator", kSizes, Against, Detect, Build};

}  // namespace gan::core
