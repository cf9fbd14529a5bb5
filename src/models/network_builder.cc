#include "models/network_builder.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace gan::core {

ValueId NetworkBuilder::Latent(int64_t size) { return graph_.Input("z", {Dim::Symbol("N"), size}); }

ValueId NetworkBuilder::SpatialLatent(int64_t size) {
  return graph_.Input("z", {Dim::Symbol("N"), size, 1, 1});
}

ValueId NetworkBuilder::Image(int64_t channels, int64_t size) {
  return graph_.Input("image", {Dim::Symbol("N"), channels, size, size});
}

ValueId NetworkBuilder::Labels(int64_t classes) {
  return graph_.Input("labels", {Dim::Symbol("N"), classes});
}

ValueId NetworkBuilder::Convolution(const std::string& name, ValueId x, int64_t outputs,
                                    const ConvolutionSizes& sizes) {
  const int64_t k = sizes.kernel;
  const int64_t p = sizes.padding;
  std::vector<ValueId> inputs = {
      x, graph_.Parameter(name + ".weight", {outputs, ChannelsOf(x) / sizes.groups, k, k})};
  if (sizes.bias) inputs.push_back(graph_.Parameter(name + ".bias", {outputs}));
  return graph_.Add(Conv2d{.kernel = {k, k},
                           .stride = {sizes.stride, sizes.stride},
                           .padding = {p, p, p, p},
                           .groups = sizes.groups},
                    std::move(inputs), name);
}

ValueId NetworkBuilder::Transposed(const std::string& name, ValueId x, int64_t outputs,
                                   const ConvolutionSizes& sizes) {
  const int64_t k = sizes.kernel;
  const int64_t p = sizes.padding;
  std::vector<ValueId> inputs = {
      x, graph_.Parameter(name + ".weight", {ChannelsOf(x), outputs / sizes.groups, k, k})};
  if (sizes.bias) inputs.push_back(graph_.Parameter(name + ".bias", {outputs}));
  return graph_.Add(ConvTranspose2d{.kernel = {k, k},
                                    .stride = {sizes.stride, sizes.stride},
                                    .padding = {p, p, p, p},
                                    .output_padding = {sizes.output_padding, sizes.output_padding},
                                    .groups = sizes.groups},
                    std::move(inputs), name);
}

ValueId NetworkBuilder::Linear(const std::string& name, ValueId x, int64_t outputs, bool bias) {
  std::vector<ValueId> inputs = {x, graph_.Parameter(name + ".weight", {outputs, ChannelsOf(x)})};
  if (bias) inputs.push_back(graph_.Parameter(name + ".bias", {outputs}));
  return graph_.Add(core::Linear{}, std::move(inputs), name);
}

ValueId NetworkBuilder::BatchNorm(const std::string& name, ValueId x, float epsilon) {
  const Shape shape{ChannelsOf(x)};
  const ValueId weight = graph_.Parameter(name + ".weight", shape);
  const ValueId bias = graph_.Parameter(name + ".bias", shape);
  const ValueId mean = graph_.Parameter(name + ".running_mean", shape);
  const ValueId variance = graph_.Parameter(name + ".running_var", shape);
  return graph_.Add(core::BatchNorm{.epsilon = epsilon}, {x, weight, bias, mean, variance}, name);
}

ValueId NetworkBuilder::ClassBatchNorm(const std::string& name, ValueId x, ValueId labels) {
  const int64_t channels = ChannelsOf(x);
  const ValueId mean = graph_.Parameter(name + ".running_mean", {channels});
  const ValueId variance = graph_.Parameter(name + ".running_var", {channels});
  x = graph_.Add(core::BatchNorm{}, {x, mean, variance}, name);
  const ValueId gain =
      graph_.Add(Affine{.scale = 1, .shift = 1}, {Linear(name + ".gain", labels, channels, false)});
  const ValueId shift = Linear(name + ".shift", labels, channels, false);
  return Sum(Product(x, Reshaped(gain, {channels, 1, 1})), Reshaped(shift, {channels, 1, 1}));
}

ValueId NetworkBuilder::Relu(ValueId x) {
  return graph_.Add(Activation{ActivationKind::kRelu}, {x});
}

ValueId NetworkBuilder::LeakyRelu(ValueId x, float slope) {
  return graph_.Add(Activation{ActivationKind::kLeakyRelu, slope}, {x});
}

ValueId NetworkBuilder::Tanh(ValueId x) {
  return graph_.Add(Activation{ActivationKind::kTanh}, {x});
}

ValueId NetworkBuilder::Sum(ValueId a, ValueId b) {
  return graph_.Add(Binary{BinaryKind::kAdd}, {a, b});
}

ValueId NetworkBuilder::Product(ValueId a, ValueId b) {
  return graph_.Add(Binary{BinaryKind::kMultiply}, {a, b});
}

ValueId NetworkBuilder::Join(const std::vector<ValueId>& parts) {
  return graph_.Add(Concat{}, parts);
}

ValueId NetworkBuilder::Reshaped(ValueId x, const std::vector<int64_t>& sizes) {
  return graph_.Add(Reshape{sizes}, {x});
}

ValueId NetworkBuilder::Dropped(ValueId x, double probability) {
  if (probability == 0) return x;
  return graph_.Add(Dropout{.probability = static_cast<float>(probability), .channels = true}, {x});
}

ValueId NetworkBuilder::MeanOfFour(ValueId x) {
  return graph_.Add(Pool2d{.kind = PoolKind::kAverage, .kernel = {2, 2}, .stride = {2, 2}}, {x});
}

ValueId NetworkBuilder::Doubled(ValueId x, bool smooth) {
  Resize resize{.num = {2, 2}};
  if (smooth) {
    resize.mode = ResizeMode::kBilinear;
    resize.coordinates = ResizeCoordinates::kHalfPixel;
  }
  return graph_.Add(resize, {x});
}

ValueId NetworkBuilder::SumOverPixels(ValueId x) {
  const int64_t side = HeightOf(x);
  const ValueId mean = graph_.Add(GlobalPool{}, {x});
  const ValueId sum = graph_.Add(Affine{.scale = static_cast<float>(side * side)}, {mean});
  return Reshaped(sum, {ChannelsOf(x)});
}

ValueId NetworkBuilder::SelfAttention(const std::string& name, ValueId x) {
  const int64_t channels = ChannelsOf(x);
  const ConvolutionSizes one{.kernel = 1, .bias = false};
  const int64_t narrow = std::max<int64_t>(channels / 8, 1);
  // Keys and values of half the size: a quarter of the work, as the paper's authors have it.
  const Pool2d half{.kind = PoolKind::kMax, .kernel = {2, 2}, .stride = {2, 2}};
  const ValueId query = Convolution(name + ".query", x, narrow, one);
  const ValueId key = graph_.Add(half, {Convolution(name + ".key", x, narrow, one)});
  const ValueId value =
      graph_.Add(half, {Convolution(name + ".value", x, std::max<int64_t>(channels / 2, 1), one)});
  const ValueId seen = graph_.Add(Attention{.scale = 1}, {query, key, value});
  const ValueId output = Convolution(name + ".output", seen, channels, one);
  const ValueId gate = graph_.Parameter(name + ".gate", {1, 1, 1, 1});
  return Sum(x, Product(output, gate));
}

ValueId NetworkBuilder::Judge(ValueId features, const ValueId* labels) {
  const ValueId logit = Linear("linear", features, 1);
  return labels == nullptr ? logit : Sum(logit, ProjectionScore(features, *labels));
}

ValueId NetworkBuilder::ProjectionScore(ValueId features, ValueId labels) {
  const int64_t classes = ChannelsOf(labels);
  // The inner product with one row of the matrix is one of all the rows' products, chosen by the
  // one-hot label. Its sum over classes is a mean over pixels of a picture 1 x classes.
  const ValueId chosen = Product(Linear("projection", features, classes, false), labels);
  const ValueId mean = graph_.Add(GlobalPool{}, {Reshaped(chosen, {1, 1, classes})});
  return Reshaped(graph_.Add(Affine{.scale = static_cast<float>(classes)}, {mean}), {1});
}

}  // namespace gan::core
