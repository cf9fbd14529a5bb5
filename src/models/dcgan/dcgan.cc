#include "models/dcgan/dcgan.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "models/dcgan/layout.h"
#include "models/dcgan/network.h"
#include "models/generator_facts.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "dcgan";

constexpr std::array kSizes = {
    SizeSpec{"size", 64, 16, 256},    SizeSpec{"channels", 3, 1, 4},
    SizeSpec{"latent", 100, 1, 4096}, SizeSpec{"classes", 0, 0, 4096},
    SizeSpec{"width", 64, 1, 256},    SizeSpec{"norm", 1, 0, 1},
};

Model Describe(const DcganGenerator& generator) {
  const DcganLayer& last = generator.layers.back();
  Model model = DescribeGenerator({.family = kName,
                                   .title = "DCGAN",
                                   .size = SideOf(generator),
                                   .channels = last.channels,
                                   .latent = generator.latent,
                                   .classes = generator.classes});
  const DcganLayer& widest = generator.layers[generator.layers.size() - 2];
  model.facts.push_back({"width", fmt::format("{}", widest.channels)});
  model.facts.push_back({"norm", generator.layers[0].norm.empty() ? "0" : "1"});
  model.graph = DcganGeneratorGraph(generator);
  return model;
}

std::string Against(const StateDict& dict) { return SequenceOf(dict).against; }

// With a class a column of "label_embedding.weight", as the graph has it.
StateDict WithOwnEmbedding(const StateDict& dict, const DcganLayout& layout) {
  StateDict out = dict;
  auto node = out.tensors.extract(layout.embedding + ".weight");
  Tensor table = node.mapped().ToFloat();
  if (layout.rows) {
    const int64_t classes = table.shape()[0], size = table.shape()[1];
    const ConstTensorView columns(table.floats().data(), DType::kF32, {size, classes}, {1, size});
    Tensor turned(DType::kF32, {size, classes});
    CopyElements(columns, turned.view());
    table = turned;
  }
  out.tensors.emplace("label_embedding.weight", std::move(table));
  return out;
}

Model Detect(const StateDict& dict) {
  if (SequenceOf(dict).kind == SequenceKind::kDiscriminator) FailDiscriminator(kName, dict);
  const DcganLayout layout = ReadDcganGenerator(dict);
  Model model = Describe(layout.generator);
  const auto same = [](std::string_view name) { return std::string(name); };
  model.parameters = layout.embedding.empty()
                         ? TakeParameters(kName, model.graph, dict, same)
                         : TakeParameters(kName, model.graph, WithOwnEmbedding(dict, layout), same);
  // Strides and functions without parameters leave nothing in the file.
  model.facts.insert(model.facts.end(), layout.assumptions.begin(), layout.assumptions.end());
  return model;
}

Model Build(const ModelSizes& sizes) {
  const PairConfig config = PairConfigOf(kName, sizes);
  return Describe(DcganGeneratorFor(config));
}

Pair BuildDcganPair(const PairConfig& config) {
  if (config.attention) {
    Fail(ErrorCode::kConfiguration, kName, "has no attention; resnet-gan has");
  }
  return {DcganGeneratorGraph(DcganGeneratorFor(config)), DcganDiscriminatorGraph(config)};
}

std::optional<Start> StartOf(std::string_view parameter) {
  // One-hot, as in "Conditional Generative Adversarial Nets" (Mirza & Osindero 2014).
  if (parameter == "label_embedding.weight") return Start{.one_hot = true};
  return std::nullopt;
}

constexpr PairFamily kPair = {BuildDcganPair, InitStyle::kNormal002, StartOf, nullptr};

}  // namespace

const Family kDcgan = {kName, "DCGAN generator", kSizes, Against, Detect, Build, &kPair};

}  // namespace gan::core
