#include "models/cyclegan/cyclegan.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "models/cyclegan/layout.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "cyclegan";

constexpr std::array kSizes = {
    SizeSpec{"input_nc", 3, 1, 64}, SizeSpec{"output_nc", 3, 1, 64}, SizeSpec{"ngf", 64, 1, 512},
    SizeSpec{"n_blocks", 9, 1, 64}, SizeSpec{"n_downs", 2, 1, 6},    SizeSpec{"norm", 0, 0, 2},
    SizeSpec{"dropout", 0, 0, 1},   SizeSpec{"reflect", 1, 0, 1},    SizeSpec{"sampling", 0, 0, 3},
};

constexpr std::array kNorms = {FollowingNorm::kInstance, FollowingNorm::kBatch,
                               FollowingNorm::kAffineInstance};
constexpr std::array<std::string_view, 3> kNormNames = {"instance", "batch", "affine instance"};
constexpr std::array kSamplings = {Sampling::kStrided, Sampling::kFiltered, Sampling::kBilinear,
                                   Sampling::kNearest};
constexpr std::array<std::string_view, 4> kSamplingNames = {
    "transposed convolutions", "fixed filters", "bilinear enlargement", "nearest enlargement"};

template <class Value, size_t count>
std::string_view NameIn(const std::array<Value, count>& values, Value value,
                        const std::array<std::string_view, count>& names) {
  for (size_t i = 0; i < count; ++i) {
    if (values[i] == value) return names[i];
  }
  return "none";
}

Model Describe(const CycleGanNetwork& network) {
  Model model;
  model.family = kName;
  const std::string_view norm = NameIn(kNorms, network.blocks[0].first.norm, kNormNames);
  const std::string_view sampling =
      NameIn(kSamplings, network.ups.empty() ? Sampling::kStrided : network.ups[0].sampling,
             kSamplingNames);
  model.description = fmt::format("CycleGAN ResNet generator: {} blocks, {} features, {} norm, {}",
                                  network.blocks.size(), network.head.outputs, norm, sampling);
  const auto fact = [&](std::string name, int64_t value) {
    model.facts.push_back({std::move(name), fmt::format("{}", value)});
  };
  fact("input_nc", network.inputs);
  fact("output_nc", network.tail.outputs);
  fact("ngf", network.head.outputs);
  fact("n_blocks", static_cast<int64_t>(network.blocks.size()));
  fact("n_downs", static_cast<int64_t>(network.downs.size()));
  model.facts.push_back({"norm", std::string(norm)});
  model.facts.push_back({"sampling", std::string(sampling)});
  model.facts.push_back({"border", network.reflect_blocks ? "reflected" : "zeros"});
  model.facts.push_back({"dropout", network.dropout ? "0.5 (assumed) in each block" : "none"});
  model.graph = CycleGanGraph(network);
  model.signed_pictures = true;
  return model;
}

Model Detect(const StateDict& given) {
  const StateDict dict = WithoutUnusedStatistics(given);
  const CycleGanLayout layout = ReadCycleGan(dict);
  Model model = Describe(layout.network);
  model.parameters = TakeParameters(kName, model.graph, dict,
                                    [](std::string_view name) { return std::string(name); });
  model.facts.push_back({"tensor names", layout.spelling});
  if (!layout.assumed.empty()) {
    model.facts.push_back({"assumed", layout.assumed + " (the file does not say)"});
  }
  return model;
}

Model Build(const ModelSizes& sizes) {
  const auto size = [&](std::string_view name) { return sizes.find(name)->second; };
  return Describe(CycleGanOf({.inputs = size("input_nc"),
                              .outputs = size("output_nc"),
                              .features = size("ngf"),
                              .blocks = size("n_blocks"),
                              .downs = size("n_downs"),
                              .norm = kNorms[static_cast<size_t>(size("norm"))],
                              .dropout = size("dropout") != 0,
                              .reflect_blocks = size("reflect") != 0,
                              .sampling = kSamplings[static_cast<size_t>(size("sampling"))]}));
}

}  // namespace

const Family kCycleGan = {kName, "CycleGAN ResNet generator", kSizes, AgainstCycleGan, Detect,
                          Build};

}  // namespace gan::core
