#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "models/animegan2/animegan2.h"
#include "models/compact/compact.h"
#include "models/cyclegan/cyclegan.h"
#include "models/dcgan/dcgan.h"
#include "models/esrgan/esrgan.h"
#include "models/family.h"
#include "models/looks_like.h"
#include "models/model.h"
#include "models/pix2pix/pix2pix.h"
#include "models/r3gan/r3gan.h"
#include "models/resnet_gan/resnet_gan.h"
#include "models/srgan/srgan.h"
#include "models/stylegan2/stylegan2.h"
#include "models/swift_srgan/swift_srgan.h"

namespace gan::core {
namespace {

// srgan goes by shapes, so it comes after those that go by names. dcgan last: it takes any plain
// sequence of convolutions that makes a picture.
constexpr std::array kFamilies = {&kEsrgan,  &kCompact,   &kSwiftSrgan, &kCycleGan,
                                  &kPix2Pix, &kAnimeGan2, &kStyleGan2,  &kResnetGan,
                                  &kR3gan,   &kSrgan,     &kDcgan};

[[noreturn]] void FailUnknown(const std::vector<StateDict>& dicts) {
  if (dicts.empty()) {
    Fail(ErrorCode::kBadData, "model", "wants a generator's weights, the checkpoint has none");
  }
  // The likeliest part is the one that people will think of.
  const StateDict& dict = dicts.front();
  std::string reasons;
  for (const Family* family : kFamilies) {
    reasons += fmt::format("; no {}: {}", family->title, family->against(dict));
  }
  Fail(ErrorCode::kBadData, "model", "is no generator that gan knows: {}{}", LooksLike(dict),
       reasons);
}

ModelSizes Complete(const Family& family, const ModelSizes& given) {
  ModelSizes sizes;
  std::string known;
  for (const SizeSpec& spec : family.sizes) {
    sizes.emplace(spec.name, spec.usual);
    known += fmt::format("{}{}", known.empty() ? "" : ", ", spec.name);
  }
  for (const auto& [name, value] : given) {
    const auto spec = std::ranges::find(family.sizes, name, &SizeSpec::name);
    if (spec == family.sizes.end()) {
      Fail(ErrorCode::kUsage, family.name, "has no size \"{}\"; it has {}", Printable(name), known);
    }
    if (value < spec->low || value > spec->high) {
      Fail(ErrorCode::kUsage, family.name, "wants {} from {} to {}, got {}", name, spec->low,
           spec->high, value);
    }
    sizes.insert_or_assign(name, value);
  }
  return sizes;
}

// Such that activations keep their size from layer to layer.
Tensor RandomParameter(const Shape& shape, ParameterRole role, Random& random) {
  Tensor tensor(DType::kF32, shape);
  const bool weight = shape.rank() > 1;
  const double fan_in = weight ? static_cast<double>(shape.elements() / shape[0]) : 100;
  random.FillNormal(tensor.floats(), static_cast<float>(1 / std::sqrt(fan_in)));
  if (role == ParameterRole::kVariance || role == ParameterRole::kNormWeight) {
    for (float& x : tensor.floats()) x = std::abs(x) + 1;
  }
  return tensor;
}

}  // namespace

std::span<const Family* const> Families() { return kFamilies; }

Model DetectModel(const NamedTensors& tensors, const ModuleTree& modules) {
  const std::vector<StateDict> dicts = FindStateDicts(tensors, modules);
  for (const StateDict& dict : dicts) {
    for (const Family* family : kFamilies) {
      if (!family->against(dict).empty()) continue;
      Model model = family->detect(dict);
      if (!dict.prefix.empty()) {
        model.facts.push_back({"found in", dict.prefix.substr(0, dict.prefix.size() - 1)});
      }
      return model;
    }
  }
  FailUnknown(dicts);
}

Model BuildRandom(std::string_view family, const ModelSizes& sizes, uint64_t seed) {
  const auto found = std::ranges::find(kFamilies, family, &Family::name);
  if (found == kFamilies.end()) {
    std::string known;
    for (const std::string_view name : FamilyNames()) {
      known += fmt::format("{}{}", known.empty() ? "" : ", ", name);
    }
    Fail(ErrorCode::kUsage, "model", "knows no network \"{}\"; it knows {}", Printable(family),
         known);
  }
  Model model = (*found)->build(Complete(**found, sizes));
  Random random(seed);
  const std::vector<ParameterUse> uses = UsesOfParameters(model.graph);
  for (size_t i = 0; i < uses.size(); ++i) {
    const Value& value = model.graph.values[i];
    if (value.kind != ValueKind::kParameter) continue;
    Tensor drawn = RandomParameter(Evaluate(value.shape, {}), uses[i].role, random);
    if (!model.parameters.Contains(value.name)) model.parameters.Add(value.name, std::move(drawn));
  }
  return model;
}

namespace {

// Classes of a second input that is called as our own networks call it; 0 without one. Nothing
// where there are other inputs, or none at all.
std::optional<int64_t> ClassesOf(const Graph& graph) {
  if (graph.inputs.size() == 1) return 0;
  if (graph.inputs.size() != 2) return std::nullopt;
  const Value& labels = graph.value(graph.inputs[1]);
  const bool row = labels.shape.size() == 2 && labels.shape[1].IsConstant();
  if (labels.name != "labels" || !row) return std::nullopt;
  return labels.shape[1].constant();
}

// Random numbers in, pictures out: a row, or a picture of one pixel, to pictures of known size.
std::optional<LatentInfo> LatentOf(const Graph& graph) {
  const std::optional<int64_t> classes = ClassesOf(graph);
  if (!classes) return std::nullopt;
  const SymbolicShape& in = graph.value(graph.inputs[0]).shape;
  const SymbolicShape& out = graph.value(graph.outputs[0]).shape;
  const bool row = in.size() == 2;
  const bool pixel = in.size() == 4 && in[2] == Dim(1) && in[3] == Dim(1);
  const bool picture = out.size() == 4 && out[2].IsConstant() && out[3].IsConstant();
  if ((!row && !pixel) || !picture || !in[1].IsConstant()) return std::nullopt;
  return LatentInfo{in[1].constant(), *classes};
}

}  // namespace

Model ModelFromGraph(Graph graph, NamedTensors parameters, std::string format) {
  CheckParameters(graph, parameters);
  int64_t weights = 0;
  for (const auto& [name, tensor] : parameters) weights += tensor.shape().elements();
  Model model;
  model.description =
      fmt::format("{} network: {} operations, {} weights", format, graph.nodes.size(), weights);
  model.facts = {{"operations", fmt::format("{}", graph.nodes.size())}};
  model.family = std::move(format);
  model.latent = LatentOf(graph);
  model.graph = std::move(graph);
  model.parameters = std::move(parameters);
  return model;
}

std::vector<std::string_view> FamilyNames() {
  std::vector<std::string_view> names;
  for (const Family* family : kFamilies) names.push_back(family->name);
  return names;
}

}  // namespace gan::core
