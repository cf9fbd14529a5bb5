#include "latent/first_layer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

// Values that hold the random numbers as they are, and in which channel these begin.
using Holders = std::map<ValueId, int64_t>;

bool IsPixel(const SymbolicShape& shape) {
  return shape.size() == 4 && shape[2] == Dim(1) && shape[3] == Dim(1);
}

// A row or a picture of one pixel: the channels are all there is.
bool IsRow(const SymbolicShape& shape) { return shape.size() == 2 || IsPixel(shape); }

// Passed on without change, or all by one factor.
void Follow(const Graph& graph, const Node& node, Holders& holders) {
  const SymbolicShape& out = graph.value(node.output).shape;
  const bool concat = std::holds_alternative<Concat>(node.op);
  const bool through =
      concat || std::holds_alternative<Reshape>(node.op) || std::holds_alternative<Affine>(node.op);
  if (!through || !IsRow(out)) return;
  int64_t before = 0;
  for (const ValueId id : node.inputs) {
    if (const auto found = holders.find(id); found != holders.end()) {
      holders.emplace(node.output, before + found->second);
      return;
    }
    if (concat) before += graph.value(id).shape[1].constant();
  }
}

bool IsFirstLayer(const Graph& graph, const Node& node, const Holders& holders) {
  if (!holders.contains(node.inputs[0])) return false;
  if (std::holds_alternative<Linear>(node.op)) return true;
  const auto* transposed = std::get_if<ConvTranspose2d>(&node.op);
  return transposed != nullptr && transposed->groups == 1 &&
         IsPixel(graph.value(node.inputs[0]).shape);
}

// Appends a row of `latent` numbers each, from a weight [O, I].
void AddLinear(const Tensor& weight, int64_t begin, int64_t latent, std::vector<float>& rows) {
  const int64_t inputs = weight.shape()[1];
  for (int64_t o = 0; o < weight.shape()[0]; ++o) {
    const auto from = weight.floats().subspan(static_cast<size_t>(o * inputs + begin),
                                              static_cast<size_t>(latent));
    rows.insert(rows.end(), from.begin(), from.end());
  }
}

// From a weight [I, O, h, w]: taps that land outside the result have no part.
void AddTransposed(const ConvTranspose2d& op, const SymbolicShape& out, const Tensor& weight,
                   int64_t begin, int64_t latent, std::vector<float>& rows) {
  const Shape& s = weight.shape();
  const int64_t height = out[2].constant(), width = out[3].constant();
  for (int64_t o = 0; o < s[1]; ++o) {
    for (int64_t tap = 0; tap < s[2] * s[3]; ++tap) {
      const int64_t y = tap / s[3] * op.dilation.h - op.padding.top;
      const int64_t x = tap % s[3] * op.dilation.w - op.padding.left;
      if (y < 0 || y >= height || x < 0 || x >= width) continue;
      for (int64_t i = begin; i < begin + latent; ++i) {
        rows.push_back(weight.floats()[static_cast<size_t>((i * s[1] + o) * s[2] * s[3] + tap)]);
      }
    }
  }
}

[[noreturn]] void FailFirst(const Graph& graph) {
  Fail(ErrorCode::kBadData, "latent",
       "wants a generator that begins with a linear layer or a transposed convolution; \"{}\" does "
       "not",
       Printable(graph.name));
}

// The places of the first layers among the nodes, and the channel where the numbers begin.
std::vector<std::pair<size_t, int64_t>> FirstLayers(const Graph& graph) {
  Holders holders{{graph.inputs[0], 0}};
  std::vector<std::pair<size_t, int64_t>> layers;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (IsFirstLayer(graph, node, holders)) {
      layers.emplace_back(i, holders.at(node.inputs[0]));
    } else {
      Follow(graph, node, holders);
    }
  }
  if (layers.empty()) FailFirst(graph);
  return layers;
}

Tensor FromRows(const std::vector<float>& rows, int64_t width) {
  return Tensor::FromFloats({static_cast<int64_t>(rows.size()) / width, width}, rows);
}

}  // namespace

Tensor FirstWeights(const Model& model) {
  const Graph& graph = model.graph;
  const int64_t latent = model.latent->size;
  std::vector<float> rows;
  for (const auto& [place, begin] : FirstLayers(graph)) {
    const Node& node = graph.nodes[place];
    const Value& value = graph.value(node.inputs[1]);
    if (value.kind != ValueKind::kParameter) FailFirst(graph);
    const Tensor weight = model.parameters.At(value.name).ToFloat();
    if (const auto* op = std::get_if<ConvTranspose2d>(&node.op)) {
      AddTransposed(*op, graph.value(node.output).shape, weight, begin, latent, rows);
    } else {
      AddLinear(weight, begin, latent, rows);
    }
  }
  return FromRows(rows, latent);
}

Tensor StyleWeights(const Model& model, const LayerRange& layers) {
  const StyleSpace& space = model.style->space;
  RequireLayers(space, layers);
  std::vector<float> rows;
  for (int64_t i = layers.first; i <= layers.last; ++i) {
    const std::string& name = space.affines[static_cast<size_t>(i)];
    AddLinear(model.parameters.At(name).ToFloat(), 0, space.width, rows);
  }
  return FromRows(rows, space.width);
}

namespace {

// What is needed for `output`, rebuilt.
Graph Part(const Graph& graph, ValueId output) {
  std::vector<bool> needed(graph.values.size(), false);
  needed[Index(output)] = true;
  for (size_t i = graph.nodes.size(); i-- > 0;) {
    const Node& node = graph.nodes[i];
    if (!needed[Index(node.output)]) continue;
    for (const ValueId id : node.inputs) needed[Index(id)] = true;
  }
  GraphBuilder builder(graph.name);
  std::vector<ValueId> renamed(graph.values.size());
  for (const ValueId id : graph.inputs) {
    const Value& value = graph.value(id);
    if (needed[Index(id)]) renamed[Index(id)] = builder.Input(value.name, value.shape);
  }
  for (size_t i = 0; i < graph.values.size(); ++i) {
    const Value& value = graph.values[i];
    if (!needed[i] || value.kind != ValueKind::kParameter) continue;
    renamed[i] = builder.Parameter(value.name, Evaluate(value.shape, {}));
  }
  for (const Node& node : graph.nodes) {
    if (!needed[Index(node.output)]) continue;
    std::vector<ValueId> inputs;
    for (const ValueId id : node.inputs) inputs.push_back(renamed[Index(id)]);
    renamed[Index(node.output)] = builder.Add(node.op, std::move(inputs));
  }
  return builder.Finish({renamed[Index(output)]});
}

}  // namespace

Graph UpToFirstActivation(const Graph& generator) {
  std::vector<bool> behind(generator.values.size(), false);
  const size_t first = FirstLayers(generator).front().first;
  behind[Index(generator.nodes[first].output)] = true;
  for (size_t i = first + 1; i < generator.nodes.size(); ++i) {
    const Node& node = generator.nodes[i];
    if (std::ranges::none_of(node.inputs, [&](ValueId id) { return behind[Index(id)]; })) continue;
    behind[Index(node.output)] = true;
    if (std::holds_alternative<Activation>(node.op) || std::holds_alternative<Prelu>(node.op)) {
      return Part(generator, node.output);
    }
  }
  FailFirst(generator);
}

}  // namespace gan::core
