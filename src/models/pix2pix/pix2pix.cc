#include "models/pix2pix/pix2pix.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "models/pix2pix/network.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "pix2pix";
constexpr int64_t kMaxLevels = 12;

constexpr std::array kSizes = {
    SizeSpec{"input_nc", 3, 1, 64}, SizeSpec{"output_nc", 3, 1, 64},
    SizeSpec{"ngf", 64, 1, 512},    SizeSpec{"num_downs", 8, 2, kMaxLevels},
    SizeSpec{"norm", 1, 0, 2},
};

constexpr std::array kNorms = {FollowingNorm::kInstance, FollowingNorm::kBatch,
                               FollowingNorm::kAffineInstance};

std::string_view NameOf(FollowingNorm norm) {
  switch (norm) {
    case FollowingNorm::kNone: return "no";
    case FollowingNorm::kInstance: return "instance";
    case FollowingNorm::kAffineInstance: return "affine instance";
    case FollowingNorm::kBatch: return "batch";
  }
  GAN_ASSERT(false);
  return "";
}

Model Describe(const UnetNetwork& network) {
  const UnetLevel& outermost = network.levels.front();
  const std::string_view norm = NameOf(network.levels.back().up.norm);
  Model model;
  model.family = kName;
  model.description = fmt::format("pix2pix U-Net: {} levels, {} features, {} norm",
                                  network.levels.size(), outermost.down.outputs, norm);
  const auto fact = [&](std::string name, int64_t value) {
    model.facts.push_back({std::move(name), fmt::format("{}", value)});
  };
  fact("input_nc", network.inputs);
  fact("output_nc", outermost.up.outputs);
  fact("ngf", outermost.down.outputs);
  fact("num_downs", static_cast<int64_t>(network.levels.size()));
  model.facts.push_back({"norm", std::string(norm)});
  const auto dropouts = std::ranges::count(network.levels, true, &UnetLevel::dropout);
  model.facts.push_back({"dropout", dropouts == 0 ? "none"
                                                  : fmt::format("0.5 (assumed) at {} of {} levels",
                                                                dropouts, network.levels.size())});
  model.graph = UnetGraph(network);
  model.signed_pictures = true;
  return model;
}

std::string Against(const StateDict& dict) {
  if (dict.Find("0.weight") != nullptr && dict.Find("3.weight") != nullptr &&
      dict.Find("1.model.1.weight") != nullptr) {
    return "";
  }
  return "has no levels inside each other (\"model.model.0.weight\", "
         "\"model.model.1.model.1.weight\"...)";
}

bool HasLevel(const StateDict& dict, int64_t level) {
  return dict.Find(UnetNamesAt(level, false).down + ".weight") != nullptr;
}

// A pickled module names its parts.
bool MayDrop(const StateDict& dict) {
  return dict.modules.empty() || std::ranges::any_of(dict.modules, [](const auto& module) {
           return module.second.type.ends_with(".Dropout");
         });
}

UnetNetwork ReadNetwork(const StateDict& dict) {
  int64_t levels = 1;
  while (levels <= kMaxLevels && HasLevel(dict, levels)) ++levels;
  if (levels > kMaxLevels) {
    Fail(ErrorCode::kBadData, kName, "has more than {} levels", kMaxLevels);
  }
  UnetNetwork network{.inputs = dict.Require(kName, "0.weight", 4).shape()[1]};
  for (int64_t i = 0; i < levels; ++i) {
    const bool innermost = i + 1 == levels;
    const UnetNames names = UnetNamesAt(i, innermost);
    UnetLevel level{ReadTranslatorLayer(kName, dict, names.down, names.down_norm, false),
                    ReadTranslatorLayer(kName, dict, names.up, names.up_norm, true)};
    level.dropout = HasUnetDropout(i, levels) && MayDrop(dict);
    if (i == 0 || innermost) level.down.norm = FollowingNorm::kNone;
    if (i == 0) level.up.norm = FollowingNorm::kNone;
    for (const TranslatorLayer* layer : {&level.down, &level.up}) {
      if (layer->kernel == 4) continue;
      Fail(ErrorCode::kBadData, kName, "\"{}{}.weight\" wants a kernel of 4 x 4, got {} x {}",
           Printable(dict.prefix), Printable(layer->name), layer->kernel, layer->kernel);
    }
    network.levels.push_back(std::move(level));
  }
  return network;
}

Model Detect(const StateDict& given) {
  const StateDict dict = WithoutUnusedStatistics(given);
  Model model = Describe(ReadNetwork(dict));
  model.parameters = TakeParameters(kName, model.graph, dict,
                                    [](std::string_view name) { return std::string(name); });
  return model;
}

Model Build(const ModelSizes& sizes) {
  const auto size = [&](std::string_view name) { return sizes.find(name)->second; };
  return Describe(UnetOf({.inputs = size("input_nc"),
                          .outputs = size("output_nc"),
                          .features = size("ngf"),
                          .levels = size("num_downs"),
                          .norm = kNorms[static_cast<size_t>(size("norm"))]}));
}

}  // namespace

const Family kPix2Pix = {kName, "pix2pix U-Net generator", kSizes, Against, Detect, Build};

}  // namespace gan::core
