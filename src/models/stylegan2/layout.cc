#include "models/stylegan2/layout.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "stylegan2";
constexpr int64_t kMaxSize = 4096;
// Of the mapping network in every published model. (Karras et al. 2019, appendix C)
constexpr float kMappingRate = 0.01f;

float EqualisedGain(int64_t inputs) { return 1 / std::sqrt(static_cast<float>(inputs)); }

bool IsPort(const StateDict& dict) { return dict.Find("input.input") != nullptr; }

const Shape& ShapeOf(const StateDict& dict, const std::string& name, size_t rank) {
  return dict.Require(kName, name, rank).shape();
}

StyleLinear MappingLayer(const std::string& name, const Shape& weight, float rate) {
  return {name, weight[0], rate * EqualisedGain(weight[1]), rate};
}

// Shared by both spellings: what the shapes of the file say.
void CheckSizes(const StyleGan2Network& network) {
  const int64_t f = network.filter_size;
  if (f < 2 || f > 64) {
    Fail(ErrorCode::kBadData, kName, "wants filters of 2 to 64 taps a side, got {}", f);
  }
  if (network.mapping.empty() || network.blocks.empty() || network.blocks.back().size > kMaxSize) {
    Fail(ErrorCode::kBadData, kName, "wants a mapping network and pictures of at most {} pixels",
         kMaxSize);
  }
}

// -- NVIDIA's names

class NvidiaNames {
 public:
  static std::string Block(int64_t size) { return fmt::format("synthesis.b{}.", size); }

  static StyleConvolution Layer(const std::string& head, int64_t outputs, bool doubles,
                                bool noise) {
    StyleConvolution c{.weight = head + "weight",
                       .affine = head + "affine",
                       .bias = head + "bias",
                       .outputs = outputs,
                       .doubles = doubles,
                       .filter = head + "resample_filter"};
    if (noise) c.noise = head + "noise_const", c.strength = head + "noise_strength";
    return c;
  }

  static StyleConvolution Picture(const std::string& head, int64_t outputs, int64_t inputs) {
    StyleConvolution c = Layer(head, outputs, false, false);
    c.kernel = 1;
    c.scale = EqualisedGain(inputs);
    return c;
  }
};

float MappingRateOf(const StateDict& dict) {
  const auto facts = dict.modules.find("mapping.fc0");
  if (facts == dict.modules.end()) return kMappingRate;
  const auto rate = facts->second.Number("bias_gain");
  return rate && *rate > 0 ? static_cast<float>(*rate) : kMappingRate;
}

std::optional<float> ClampOf(const StateDict& dict) {
  const auto facts = dict.modules.find("synthesis.b4.conv1");
  if (facts == dict.modules.end()) return std::nullopt;
  const auto clamp = facts->second.Number("conv_clamp");
  if (!clamp || !(*clamp > 0)) return std::nullopt;
  return static_cast<float>(*clamp);
}

StyleBlock NvidiaBlock(const StateDict& dict, int64_t size, StyleArchitecture architecture) {
  const std::string head = NvidiaNames::Block(size);
  const auto layer = [&](const std::string& name, bool doubles) {
    return NvidiaNames::Layer(head + name + ".", ShapeOf(dict, head + name + ".weight", 4)[0],
                              doubles, dict.Find(head + name + ".noise_const") != nullptr);
  };
  StyleBlock block{.size = size, .keeping = layer("conv1", false)};
  if (size > 4) block.doubling = layer("conv0", true);
  if (dict.Find(head + "torgb.weight") != nullptr) {
    const Shape& weight = ShapeOf(dict, head + "torgb.weight", 4);
    block.to_picture = NvidiaNames::Picture(head + "torgb.", weight[0], weight[1]);
    block.picture_filter = head + "resample_filter";
  }
  if (architecture == StyleArchitecture::kResidual && size > 4) {
    block.shortcut = head + "skip.weight";
    block.shortcut_filter = head + "skip.resample_filter";
  }
  return block;
}

StyleGan2Network ReadNvidia(const StateDict& dict) {
  StyleGan2Network network;
  network.architecture = dict.HasPrefix("synthesis.b8.skip.")    ? StyleArchitecture::kResidual
                         : dict.HasPrefix("synthesis.b4.torgb.") ? StyleArchitecture::kSkip
                                                                 : StyleArchitecture::kOriginal;
  network.clamp = ClampOf(dict);
  const Shape& first = ShapeOf(dict, "mapping.fc0.weight", 2);
  network.latent = first[1];
  if (dict.HasPrefix("mapping.embed.")) {
    const Shape& embed = ShapeOf(dict, "mapping.embed.weight", 2);
    network.classes = embed[1];
    network.embedding = StyleLinear{"mapping.embed", embed[0], EqualisedGain(embed[1]), 1};
    network.latent -= embed[0];
  }
  const int64_t layers = LastIndex(dict, "mapping.fc") + 1;
  for (int64_t i = 0; i < layers; ++i) {
    const std::string name = fmt::format("mapping.fc{}", i);
    network.mapping.push_back(
        MappingLayer(name, ShapeOf(dict, name + ".weight", 2), MappingRateOf(dict)));
  }
  network.style = network.mapping.back().outputs;
  if (dict.Find("mapping.w_avg") != nullptr) network.average = "mapping.w_avg";
  network.constant = "synthesis.b4.const";
  network.constant_channels = ShapeOf(dict, network.constant, 3)[0];
  for (int64_t size = 4; size <= kMaxSize && dict.HasPrefix(NvidiaNames::Block(size)); size *= 2) {
    network.blocks.push_back(NvidiaBlock(dict, size, network.architecture));
  }
  if (network.blocks.size() > 1) {
    network.filter_size = ShapeOf(dict, network.blocks[1].doubling->filter, 2)[0];
  }
  return network;
}

// -- The port's names

StyleConvolution PortLayer(const StateDict& dict, const std::string& head, bool doubles,
                           int64_t noise) {
  const Shape& weight = ShapeOf(dict, head + ".conv.weight", 5);
  StyleConvolution c{.weight = head + ".conv.weight",
                     .affine = head + ".conv.modulation",
                     .bias = head + ".activate.bias",
                     .outputs = weight[1],
                     .scale = EqualisedGain(weight[2] * weight[3] * weight[4]),
                     .doubles = doubles,
                     .filter = head + ".conv.blur.kernel"};
  if (const std::string stored = fmt::format("noises.noise_{}", noise);
      dict.Find(stored) != nullptr) {
    c.noise = stored;
    c.strength = head + ".noise.weight";
  }
  return c;
}

StyleConvolution PortPicture(const StateDict& dict, const std::string& head) {
  const Shape& weight = ShapeOf(dict, head + ".conv.weight", 5);
  return {.weight = head + ".conv.weight",
          .affine = head + ".conv.modulation",
          .bias = head + ".bias",
          .outputs = weight[1],
          .kernel = 1,
          .scale = EqualisedGain(weight[2])};
}

StyleGan2Network ReadPort(const StateDict& dict) {
  StyleGan2Network network{.filter_gain = 1};
  const int64_t layers = LastIndex(dict, "style.");
  for (int64_t i = 1; i <= layers; ++i) {
    const std::string name = fmt::format("style.{}", i);
    network.mapping.push_back(MappingLayer(name, ShapeOf(dict, name + ".weight", 2), kMappingRate));
  }
  if (network.mapping.empty()) Fail(ErrorCode::kBadData, kName, "wants a mapping network");
  network.latent = ShapeOf(dict, "style.1.weight", 2)[1];
  network.style = network.mapping.back().outputs;
  if (dict.Find("latent_avg") != nullptr || dict.beside.contains("latent_avg")) {
    network.average = "latent_avg";
  }
  network.constant = "input.input";
  network.constant_channels = ShapeOf(dict, network.constant, 4)[1];
  network.blocks.push_back(
      {.keeping = PortLayer(dict, "conv1", false, 0), .to_picture = PortPicture(dict, "to_rgb1")});
  const int64_t doublings = LastIndex(dict, "to_rgbs.") + 1;
  if (doublings > 10) Fail(ErrorCode::kBadData, kName, "doubles the picture {} times", doublings);
  for (int64_t i = 0; i < doublings; ++i) {
    const std::string to_picture = fmt::format("to_rgbs.{}", i);
    network.blocks.push_back(
        {.size = int64_t{8} << i,
         .doubling = PortLayer(dict, fmt::format("convs.{}", 2 * i), true, 2 * i + 1),
         .keeping = PortLayer(dict, fmt::format("convs.{}", 2 * i + 1), false, 2 * i + 2),
         .to_picture = PortPicture(dict, to_picture),
         .picture_filter = to_picture + ".upsample.kernel"});
  }
  if (doublings > 0) {
    network.filter_size = ShapeOf(dict, network.blocks[1].doubling->filter, 2)[0];
  }
  return network;
}

// -- Parameters

// [O, I, h, w], or [1, O, I, h, w], with O and I swapped.
Tensor Swapped(const Tensor& weight, const Shape& wanted) {
  const int64_t inputs = wanted[0], outputs = wanted[1], taps = wanted[2] * wanted[3];
  const ConstTensorView from(weight.floats().data(), DType::kF32, {inputs, outputs, taps},
                             {taps, inputs * taps, 1});
  Tensor out(DType::kF32, {inputs, outputs, taps});
  CopyElements(from, out.view());
  return out.Reshaped(wanted);
}

std::vector<int64_t> WithoutOnes(const Shape& shape) {
  std::vector<int64_t> sizes(shape.sizes().begin(), shape.sizes().end());
  std::erase(sizes, 1);
  return sizes;
}

const Tensor* FindIn(const StateDict& dict, const std::string& name) {
  if (const Tensor* tensor = dict.Find(name)) return tensor;
  const auto beside = dict.beside.find(name);
  return beside == dict.beside.end() ? nullptr : &beside->second;
}

// Axes of size 1 come and go between the spellings and the graph.
Tensor Taken(const StateDict& dict, const std::string& name, const Shape& wanted, bool swapped) {
  const Tensor* tensor = FindIn(dict, name);
  const Shape in_file = swapped ? Shape{wanted[1], wanted[0], wanted[2], wanted[3]} : wanted;
  if (tensor == nullptr) {
    Fail(ErrorCode::kBadData, kName, "wants \"{}{}\" {}, which the checkpoint lacks",
         Printable(dict.prefix), Printable(name), in_file.ToString());
  }
  if (WithoutOnes(tensor->shape()) != WithoutOnes(in_file)) {
    Fail(ErrorCode::kBadData, kName, "\"{}{}\" wants {}, got {}", Printable(dict.prefix),
         Printable(name), in_file.ToString(), tensor->shape().ToString());
  }
  const Tensor floats = tensor->ToFloat();
  return swapped ? Swapped(floats, wanted) : floats.Reshaped(wanted);
}

// Filters and noise strengths that every layer is made with, used or not.
bool MayBeLeftOver(std::string_view name) {
  return name.ends_with("resample_filter") || name.ends_with(".noise.weight") ||
         name.ends_with("noise_strength");
}

}  // namespace

std::string AgainstStyleGan2(const StateDict& dict) {
  const bool nvidia =
      dict.Find("synthesis.b4.conv1.affine.weight") != nullptr && dict.HasPrefix("mapping.fc0.");
  const bool port = IsPort(dict) && dict.Find("conv1.conv.modulation.weight") != nullptr;
  if (nvidia || port) return "";
  return "has no modulated convolutions (\"synthesis.b4.conv1.affine.weight\" or "
         "\"conv1.conv.modulation.weight\"...)";
}

StyleGan2Layout ReadStyleGan2(const StateDict& dict) {
  StyleGan2Layout layout;
  layout.network = IsPort(dict) ? ReadPort(dict) : ReadNvidia(dict);
  layout.spelling = IsPort(dict) ? "the common PyTorch port" : "NVIDIA's";
  CheckSizes(layout.network);
  return layout;
}

NamedTensors TakeStyleParameters(const StyleGan2Network& network, const Graph& graph,
                                 const StateDict& dict) {
  std::set<std::string_view> swapped;
  for (const StyleBlock& block : network.blocks) {
    if (block.doubling) swapped.insert(block.doubling->weight);
  }
  NamedTensors out;
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter) continue;
    const Shape wanted = Evaluate(value.shape, {});
    if (value.name.starts_with("truncation.")) {
      out.Add(value.name, Tensor::FromFloats(wanted, std::vector<float>{1}));
    } else {
      out.Add(value.name, Taken(dict, value.name, wanted, swapped.contains(value.name)));
    }
  }
  for (const auto& [name, tensor] : dict.tensors) {
    if (out.Contains(name) || MayBeLeftOver(name)) continue;
    Fail(ErrorCode::kBadData, kName,
         "has no place for \"{}{}\" {}: another variant of this network?", Printable(dict.prefix),
         Printable(name), tensor.shape().ToString());
  }
  return out;
}

StyleGan2Network StyleGan2Of(const StyleGan2Sizes& sizes) {
  const auto features = [&](int64_t size) {
    return std::clamp<int64_t>(sizes.base / size, 1, sizes.widest);
  };
  StyleGan2Network network{.architecture = sizes.architecture,
                           .latent = sizes.latent,
                           .classes = sizes.classes,
                           .style = sizes.style,
                           .average = "mapping.w_avg",
                           .constant = "synthesis.b4.const",
                           .constant_channels = features(4),
                           .clamp = sizes.clamp};
  int64_t inputs = sizes.latent;
  if (sizes.classes > 0) {
    network.embedding = StyleLinear{"mapping.embed", sizes.style, EqualisedGain(sizes.classes), 1};
    inputs += sizes.style;
  }
  for (int64_t i = 0; i < sizes.mapping; ++i) {
    network.mapping.push_back(
        MappingLayer(fmt::format("mapping.fc{}", i), {sizes.style, inputs}, kMappingRate));
    inputs = sizes.style;
  }
  for (int64_t size = 4; size <= sizes.size; size *= 2) {
    const std::string head = NvidiaNames::Block(size);
    const bool last = 2 * size > sizes.size;
    StyleBlock block{.size = size,
                     .keeping = NvidiaNames::Layer(head + "conv1.", features(size), false, true)};
    if (size > 4) block.doubling = NvidiaNames::Layer(head + "conv0.", features(size), true, true);
    if (last || sizes.architecture == StyleArchitecture::kSkip) {
      block.to_picture = NvidiaNames::Picture(head + "torgb.", sizes.channels, features(size));
      block.picture_filter = head + "resample_filter";
    }
    if (sizes.architecture == StyleArchitecture::kResidual && size > 4) {
      block.shortcut = head + "skip.weight";
      block.shortcut_filter = head + "skip.resample_filter";
    }
    network.blocks.push_back(std::move(block));
  }
  return network;
}

}  // namespace gan::core
