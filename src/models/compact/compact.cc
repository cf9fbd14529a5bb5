#include "models/compact/compact.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "models/compact/network.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "compact";

constexpr std::array kSizes = {
    SizeSpec{"num_in_ch", 3, 1, 64},   SizeSpec{"num_feat", 64, 1, 1024},
    SizeSpec{"num_conv", 16, 0, 1000}, SizeSpec{"upscale", 4, 1, 16},
    SizeSpec{"act_type", 0, 0, 2},
};

std::string Against(const StateDict& dict) {
  if (dict.Find("body.0.weight") == nullptr) {
    return "has no plain chain of convolutions (\"body.0.weight\", \"body.2.weight\"...)";
  }
  for (const auto& [name, tensor] : dict.tensors) {
    if (!name.starts_with("body.")) {
      return fmt::format("has \"{}{}\" {} besides \"body\"", Printable(dict.prefix),
                         Printable(name), tensor.shape().ToString());
    }
  }
  return "";
}

CompactSizes ReadSizes(const StateDict& dict) {
  const int64_t last = LastIndex(dict, "body.");
  if (last % 2 != 0 || last < 2 || last > static_cast<int64_t>(dict.tensors.size())) {
    Fail(ErrorCode::kBadData, kName,
         "wants convolutions at \"body.0\", \"body.2\"... and one at the end, the last of {} "
         "tensors is at \"body.{}\": cut short?",
         dict.tensors.size(), last);
  }
  const Shape first = dict.Require(kName, "body.0.weight", 4).shape();
  const std::string end = fmt::format("body.{}.weight", last);
  const int64_t outputs = dict.Require(kName, end, 4).shape()[0];
  CompactSizes sizes;
  sizes.features = first[0];
  sizes.channels = first[1];
  sizes.convolutions = last / 2 - 1;
  sizes.upscale = 1;
  while (sizes.upscale < 64 && sizes.channels * sizes.upscale * sizes.upscale < outputs) {
    ++sizes.upscale;
  }
  if (sizes.channels * sizes.upscale * sizes.upscale != outputs) {
    Fail(ErrorCode::kBadData, kName,
         "\"{}{}\" wants {} channels times the square of a scale, got {}", Printable(dict.prefix),
         end, sizes.channels, outputs);
  }
  sizes.activation =
      dict.HasPrefix("body.1.") ? CompactActivation::kPrelu : CompactActivation::kRelu;
  return sizes;
}

std::string_view NameOf(CompactActivation activation) {
  switch (activation) {
    case CompactActivation::kPrelu: return "PReLU";
    case CompactActivation::kRelu: return "ReLU";
    case CompactActivation::kLeakyRelu: return "LeakyReLU 0.1";
  }
  GAN_ASSERT(false);
  return "";
}

Model Describe(const CompactSizes& sizes, std::string activation) {
  Model model;
  model.family = kName;
  model.description =
      fmt::format("Real-ESRGAN compact x{}: {} convolutions, {} features, {}", sizes.upscale,
                  sizes.convolutions + 2, sizes.features, activation);
  const auto fact = [&](std::string name, int64_t value) {
    model.facts.push_back({std::move(name), fmt::format("{}", value)});
  };
  fact("upscale", sizes.upscale);
  fact("num_in_ch", sizes.channels);
  fact("num_feat", sizes.features);
  fact("num_conv", sizes.convolutions);
  model.facts.push_back({"act_type", std::move(activation)});
  model.graph = CompactGraph(sizes);
  return model;
}

Model Detect(const StateDict& dict) {
  const CompactSizes sizes = ReadSizes(dict);
  std::string activation(NameOf(sizes.activation));
  // Functions without parameters leave nothing in the file.
  if (sizes.activation != CompactActivation::kPrelu) {
    activation += " (assumed: the file does not say)";
  }
  Model model = Describe(sizes, std::move(activation));
  model.parameters = TakeParameters(kName, model.graph, dict,
                                    [](std::string_view name) { return std::string(name); });
  return model;
}

Model Build(const ModelSizes& sizes) {
  const auto size = [&](std::string_view name) { return sizes.find(name)->second; };
  constexpr std::array kActivations = {CompactActivation::kPrelu, CompactActivation::kRelu,
                                       CompactActivation::kLeakyRelu};
  const CompactActivation activation = kActivations[static_cast<size_t>(size("act_type"))];
  return Describe({.channels = size("num_in_ch"),
                   .features = size("num_feat"),
                   .convolutions = size("num_conv"),
                   .upscale = size("upscale"),
                   .activation = activation},
                  std::string(NameOf(activation)));
}

}  // namespace

const Family kCompact = {kName, "Real-ESRGAN compact generator", kSizes, Against, Detect, Build};

}  // namespace gan::core
