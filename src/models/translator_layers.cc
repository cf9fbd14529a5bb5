#include "models/translator_layers.h"

#include <utility>
#include <vector>

#include "base/error.h"

namespace gan::core {

TranslatorLayer ReadTranslatorLayer(std::string_view family, const StateDict& dict,
                                    const std::string& name, const std::string& norm_name,
                                    bool transposed) {
  const Shape& weight = dict.Require(family, name + ".weight", 4).shape();
  if (weight[2] != weight[3]) {
    Fail(ErrorCode::kBadData, family, "\"{}{}.weight\" wants a square kernel, got {}",
         Printable(dict.prefix), Printable(name), weight.ToString());
  }
  TranslatorLayer layer{.name = name,
                        .outputs = weight[transposed ? 1 : 0],
                        .kernel = weight[2],
                        .bias = dict.Find(name + ".bias") != nullptr,
                        .norm_name = norm_name};
  const Tensor* norm = dict.Find(norm_name + ".weight");
  if (norm != nullptr && norm->shape().rank() == 1) {
    layer.norm = dict.Find(norm_name + ".running_mean") != nullptr ? FollowingNorm::kBatch
                                                                   : FollowingNorm::kAffineInstance;
  }
  return layer;
}

StateDict WithoutUnusedStatistics(const StateDict& dict) {
  StateDict out = dict;
  constexpr std::string_view kMean = ".running_mean";
  for (const auto& [name, tensor] : dict.tensors) {
    if (!name.ends_with(kMean)) continue;
    const std::string module = name.substr(0, name.size() - kMean.size());
    if (dict.Find(module + ".weight") != nullptr) continue;
    out.tensors.erase(name);
    out.tensors.erase(module + ".running_var");
  }
  return out;
}

TranslatorBuilder::TranslatorBuilder(std::string name, int64_t channels, int64_t multiple)
    : graph_(std::move(name)),
      image_(graph_.Input("image", {Dim::Symbol("N"), channels, Dim::Symbol("H", multiple),
                                    Dim::Symbol("W", multiple)})) {}

ValueId TranslatorBuilder::Convolution(const TranslatorLayer& layer, ValueId x, int64_t stride,
                                       int64_t padding) {
  const int64_t k = layer.kernel, p = padding;
  std::vector<ValueId> inputs = {
      x, graph_.Parameter(layer.name + ".weight", {layer.outputs, ChannelsOf(x), k, k})};
  if (layer.bias) inputs.push_back(graph_.Parameter(layer.name + ".bias", {layer.outputs}));
  return graph_.Add(Conv2d{.kernel = {k, k}, .stride = {stride, stride}, .padding = {p, p, p, p}},
                    std::move(inputs), layer.name);
}

ValueId TranslatorBuilder::Reflected(const TranslatorLayer& layer, ValueId x, int64_t stride,
                                     int64_t padding) {
  const int64_t p = padding;
  return Convolution(layer, Pad(x, PadMode::kReflect, {p, p, p, p}), stride, 0);
}

ValueId TranslatorBuilder::Transposed(const TranslatorLayer& layer, ValueId x, int64_t padding,
                                      int64_t output_padding) {
  const int64_t k = layer.kernel, p = padding;
  std::vector<ValueId> inputs = {
      x, graph_.Parameter(layer.name + ".weight", {ChannelsOf(x), layer.outputs, k, k})};
  if (layer.bias) inputs.push_back(graph_.Parameter(layer.name + ".bias", {layer.outputs}));
  return graph_.Add(ConvTranspose2d{.kernel = {k, k},
                                    .stride = {2, 2},
                                    .padding = {p, p, p, p},
                                    .output_padding = {output_padding, output_padding}},
                    std::move(inputs), layer.name);
}

ValueId TranslatorBuilder::Norm(const TranslatorLayer& layer, ValueId x) {
  if (layer.norm == FollowingNorm::kNone) return x;
  const int64_t channels = ChannelsOf(x);
  std::vector<ValueId> inputs = {x};
  if (layer.norm != FollowingNorm::kInstance) {
    inputs.push_back(graph_.Parameter(layer.norm_name + ".weight", {channels}));
    inputs.push_back(graph_.Parameter(layer.norm_name + ".bias", {channels}));
  }
  if (layer.norm != FollowingNorm::kBatch) {
    return graph_.Add(GroupNorm{.groups = channels}, std::move(inputs), layer.norm_name);
  }
  inputs.push_back(graph_.Parameter(layer.norm_name + ".running_mean", {channels}));
  inputs.push_back(graph_.Parameter(layer.norm_name + ".running_var", {channels}));
  return graph_.Add(BatchNorm{}, std::move(inputs), layer.norm_name);
}

ValueId TranslatorBuilder::Pad(ValueId x, PadMode mode, const Padding2d& padding) {
  return graph_.Add(Pad2d{.mode = mode, .padding = padding}, {x});
}

ValueId TranslatorBuilder::Relu(ValueId x) {
  return graph_.Add(Activation{ActivationKind::kRelu}, {x});
}

ValueId TranslatorBuilder::LeakyRelu(ValueId x, float slope) {
  return graph_.Add(Activation{ActivationKind::kLeakyRelu, slope}, {x});
}

ValueId TranslatorBuilder::Sum(ValueId a, ValueId b) {
  return graph_.Add(Binary{BinaryKind::kAdd}, {a, b});
}

ValueId TranslatorBuilder::Tanh(ValueId x) {
  return graph_.Add(Activation{ActivationKind::kTanh}, {x});
}

}  // namespace gan::core
