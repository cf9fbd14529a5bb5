#include "models/inception/inception.h"

#include <cmath>
#include <set>

#include "base/error.h"
#include "models/inception/network.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "inception";
constexpr double kEpsilon = 1e-3;  // of every batch norm

std::string Against(const StateDict& dict) {
  for (const char* name :
       {"Conv2d_1a_3x3.conv.weight", "Mixed_7c.branch1x1.bn.running_var", "fc.weight"}) {
    if (dict.Find(name) == nullptr) return fmt::format("has no \"{}\"", name);
  }
  return "";
}

// Takes tensors by name and remembers which, so that what is left over can be told.
class Taker {
 public:
  explicit Taker(const StateDict& dict) : dict_(dict) {}

  Tensor Take(const std::string& name, const Shape& shape) {
    taken_.insert(name);
    const Tensor& tensor = dict_.Require(kName, name, shape.rank());
    if (tensor.shape() != shape) {
      Fail(ErrorCode::kBadData, kName, "\"{}{}\" wants {}, got {}", Printable(dict_.prefix), name,
           shape.ToString(), tensor.shape().ToString());
    }
    return tensor.ToFloat();
  }

  void CheckAllTaken() const {
    for (const auto& [name, tensor] : dict_.tensors) {
      if (taken_.contains(name) || std::string_view(name).starts_with("AuxLogits.")) continue;
      Fail(ErrorCode::kBadData, kName, "has no place for \"{}{}\" {}: another network?",
           Printable(dict_.prefix), Printable(name), tensor.shape().ToString());
    }
  }

 private:
  const StateDict& dict_;
  std::set<std::string, std::less<>> taken_;
};

// relu((conv(x) - mean) / sqrt(var + epsilon) * scale + shift) is a convolution with a bias.
void TakeFolded(Taker& taker, const std::string& name, const Shape& shape, NamedTensors& out) {
  const int64_t outputs = shape[0];
  Tensor weight = taker.Take(name + ".conv.weight", shape).Clone();
  const Tensor scale = taker.Take(name + ".bn.weight", {outputs});
  const Tensor shift = taker.Take(name + ".bn.bias", {outputs});
  const Tensor mean = taker.Take(name + ".bn.running_mean", {outputs});
  const Tensor variance = taker.Take(name + ".bn.running_var", {outputs});
  Tensor bias(DType::kF32, {outputs});
  const auto inner = static_cast<size_t>(shape.elements() / outputs);
  for (size_t o = 0; o < static_cast<size_t>(outputs); ++o) {
    if (variance.floats()[o] < 0) {
      Fail(ErrorCode::kBadData, kName, "\"{}.bn.running_var\" wants variances, got {}", name,
           variance.floats()[o]);
    }
    const double factor = scale.floats()[o] / std::sqrt(variance.floats()[o] + kEpsilon);
    for (float& w : weight.floats().subspan(o * inner, inner)) w = static_cast<float>(w * factor);
    bias.floats()[o] = static_cast<float>(shift.floats()[o] - mean.floats()[o] * factor);
  }
  out.Add(name + ".weight", std::move(weight));
  out.Add(name + ".bias", std::move(bias));
}

FeatureModel Detect(const StateDict& dict) {
  const int64_t classes = dict.Require(kName, "fc.weight", 2).shape()[0];
  if (classes != 1000 && classes != 1008) {
    Fail(ErrorCode::kBadData, kName,
         "\"fc.weight\" wants 1008 classes (the network of the first FID) or 1000 (torchvision's), "
         "got {}",
         classes);
  }
  FeatureModel model;
  const bool first_fid = classes == 1008;
  model.name = first_fid ? "Inception-v3 (TF port)" : "Inception-v3 (torchvision)";
  model.graph = InceptionGraph({.classes = classes, .first_fid = first_fid});
  Taker taker(dict);
  constexpr std::string_view kWeight = ".weight";
  for (const Value& value : model.graph.values) {
    if (value.kind != ValueKind::kParameter || !value.name.ends_with(kWeight)) continue;
    const std::string name = value.name.substr(0, value.name.size() - kWeight.size());
    if (name == "fc") continue;
    TakeFolded(taker, name, Evaluate(value.shape, {}), model.parameters);
  }
  const Tensor last = taker.Take("fc.weight", {classes, 2048});
  model.parameters.Add("fc.weight", last.Reshaped({classes, 2048, 1, 1}));
  model.parameters.Add("fc.bias", taker.Take("fc.bias", {classes}));
  taker.CheckAllTaken();
  return model;
}

}  // namespace

const FeatureFamily kInception = {kName, Against, Detect};

}  // namespace gan::core
