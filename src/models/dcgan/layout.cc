#include "models/dcgan/layout.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr std::string_view kEmbedding = "label_embedding";
constexpr std::string_view kProjection = "projection";

using Numbers = std::vector<int64_t>;

// "main.10.block.2" -> {10, 2}: its place. Empty unless a number stands first or second.
Numbers PlaceOf(std::string_view module) {
  Numbers place;
  size_t part = 0;
  for (size_t begin = 0; begin <= module.size(); ++part) {
    const size_t end = std::min(module.find('.', begin), module.size());
    const std::string_view text = module.substr(begin, end - begin);
    begin = end + 1;
    int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = error == std::errc() && stop == text.data() + text.size() &&
                           text.size() <= 6 && number >= 0;
    if (is_number) place.push_back(number);
    if (!is_number && part == 1 && place.empty()) return {};
  }
  return place;
}

std::string_view ModuleOf(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

// Modules in the order in which they run; one name a place.
std::optional<std::map<Numbers, std::string>> ModulesOf(const StateDict& dict) {
  std::map<Numbers, std::string> modules;
  for (const auto& [name, tensor] : dict.tensors) {
    const std::string_view module = ModuleOf(name);
    if (module == kEmbedding || module == kProjection) continue;
    Numbers place = PlaceOf(module);
    if (place.empty()) return std::nullopt;
    const auto [known, fresh] = modules.emplace(std::move(place), module);
    if (known->second != module) return std::nullopt;
  }
  if (modules.empty()) return std::nullopt;
  return modules;
}

struct Convolution {
  std::string name;
  Shape weight;
  std::string norm;
};

// Convolutions, each with the batch norm behind it; nullopt when there is anything else.
std::optional<std::vector<Convolution>> ConvolutionsOf(const StateDict& dict) {
  const auto modules = ModulesOf(dict);
  if (!modules) return std::nullopt;
  std::vector<Convolution> convolutions;
  for (const auto& [place, name] : *modules) {
    const Tensor* weight = dict.Find(name + ".weight");
    if (weight == nullptr || weight->shape().elements() == 0) return std::nullopt;
    if (weight->shape().rank() == 4) {
      convolutions.push_back({name, weight->shape(), ""});
    } else if (weight->shape().rank() == 1 && !convolutions.empty() &&
               convolutions.back().norm.empty() && dict.Find(name + ".running_mean") != nullptr) {
      convolutions.back().norm = name;
    } else {
      return std::nullopt;
    }
  }
  // One alone follows nothing, and could be of any network.
  if (convolutions.size() < 2) return std::nullopt;
  return convolutions;
}

// True when each takes, on axis `in`, what the one before gives on axis `out`.
bool Follow(const std::vector<Convolution>& convolutions, size_t in, size_t out) {
  for (size_t i = 1; i < convolutions.size(); ++i) {
    if (convolutions[i].weight[in] != convolutions[i - 1].weight[out]) return false;
  }
  return true;
}

// A generator that a course made popular doubles by odd kernels: 1, 3, 6, 13, 28 pixels.
bool IsCourseLayout(const std::vector<DcganLayer>& layers) {
  constexpr std::array kKernels = {3, 4, 3, 4};
  return std::ranges::equal(layers, kKernels, {}, &DcganLayer::kernel);
}

void InferSteps(const StateDict& dict, std::vector<DcganLayer>& layers) {
  if (IsCourseLayout(layers)) {
    for (DcganLayer& layer : layers) layer.stride = 2, layer.padding = 0;
    layers[1].stride = 1;
    return;
  }
  layers[0].stride = 1;
  layers[0].padding = 0;
  for (size_t i = 1; i < layers.size(); ++i) {
    if (layers[i].kernel % 2 != 0) {
      Fail(ErrorCode::kBadData, "dcgan",
           "\"{}{}.weight\" has a kernel of {}, which does not tell its stride; kernels of even "
           "size are known to double",
           Printable(dict.prefix), Printable(layers[i].name), layers[i].kernel);
    }
    layers[i].stride = 2;
    layers[i].padding = layers[i].kernel / 2 - 1;
  }
}

}  // namespace

Sequence SequenceOf(const StateDict& dict) {
  const auto convolutions = ConvolutionsOf(dict);
  if (!convolutions) {
    return {SequenceKind::kNeither,
            "has no plain sequence of convolutions and batch norms (\"main.0.weight\", "
            "\"main.1.weight\"...)"};
  }
  const Shape& first = convolutions->front().weight;
  const Shape& last = convolutions->back().weight;
  if (Follow(*convolutions, 0, 1) && last[1] <= 4) return {SequenceKind::kGenerator, ""};
  if (Follow(*convolutions, 1, 0) && first[1] <= 4 && last[0] == 1) {
    return {SequenceKind::kDiscriminator, ""};
  }
  return {
      SequenceKind::kNeither,
      fmt::format("has convolutions that do not lead from random numbers to a picture "
                  "(\"{}{}.weight\" {} at the end)",
                  Printable(dict.prefix), Printable(convolutions->back().name), last.ToString())};
}

DcganGenerator ReadDcganGenerator(const StateDict& dict) {
  const auto convolutions = ConvolutionsOf(dict);
  GAN_ASSERT(convolutions.has_value());
  DcganGenerator generator;
  for (const Convolution& convolution : *convolutions) {
    const Shape& weight = convolution.weight;
    if (weight[2] != weight[3]) {
      Fail(ErrorCode::kBadData, "dcgan", "\"{}{}.weight\" wants a square kernel, got {}",
           Printable(dict.prefix), Printable(convolution.name), weight.ToString());
    }
    generator.layers.push_back({.name = convolution.name,
                                .norm = convolution.norm,
                                .channels = weight[1],
                                .kernel = weight[2],
                                .bias = dict.Find(convolution.name + ".bias") != nullptr});
  }
  InferSteps(dict, generator.layers);
  generator.latent = convolutions->front().weight[0];
  if (dict.HasPrefix("label_embedding.")) {
    const Shape& table = dict.Require("dcgan", "label_embedding.weight", 2).shape();
    generator.embedding = table[0];
    generator.classes = table[1];
    generator.latent -= table[0];
    if (generator.latent < 1) {
      Fail(ErrorCode::kBadData, "dcgan",
           "\"{}label_embedding.weight\" {} leaves none of the {} numbers that the first layer "
           "takes to the latent",
           Printable(dict.prefix), table.ToString(), convolutions->front().weight[0]);
    }
  }
  return generator;
}

}  // namespace gan::core
