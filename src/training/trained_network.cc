#include "training/trained_network.h"

#include <algorithm>
#include <set>
#include <variant>

#include "base/error.h"
#include "base/random.h"
#include "graph/buffers.h"

namespace gan::core {
namespace {

// The axis of a weight's rows, for the layers that spectral norm is for; -1 for other parameters.
// Embeddings are linear layers over labels: normalising them would tie the classes' sizes together.
std::map<std::string, int64_t> RowAxes(const Graph& graph) {
  std::map<std::string, int64_t> axes;
  for (const Node& node : graph.nodes) {
    int64_t axis = -1;
    if (std::holds_alternative<Conv2d>(node.op) || std::holds_alternative<Linear>(node.op))
      axis = 0;
    if (std::holds_alternative<ConvTranspose2d>(node.op)) axis = 1;
    if (axis < 0 || node.inputs.size() < 2) continue;
    const Value& source = graph.value(node.inputs[0]);
    const Value& weight = graph.value(node.inputs[1]);
    const bool embedding = source.kind == ValueKind::kInput && source.name == "labels";
    if (weight.kind == ValueKind::kParameter && !embedding) axes[weight.name] = axis;
  }
  return axes;
}

NamedTensors Trainable(const Graph& graph, const NamedTensors& initial,
                       const std::set<std::string>& buffers) {
  CheckParameters(graph, initial);
  NamedTensors trainable;
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter || buffers.contains(value.name)) continue;
    trainable.Add(value.name, initial.At(value.name).ToFloat());
  }
  return trainable;
}

std::set<std::string> BufferSet(const Graph& graph) {
  const std::vector<std::string> names = BufferNames(graph);
  return {names.begin(), names.end()};
}

}  // namespace

TrainedNetwork::TrainedNetwork(Graph graph, const NamedTensors& initial, const Options& options)
    : runner_(std::move(graph)),
      parameters_(Trainable(this->graph(), initial, BufferSet(this->graph())), options.device) {
  for (const std::string& name : BufferNames(this->graph())) {
    buffers_[name] = ToAten(initial.At(name), options.device);
  }
  if (options.spectral_norm) {
    Random random(options.seed);
    const std::map<std::string, int64_t> axes = RowAxes(this->graph());
    for (size_t i = 0; i < parameters_.names().size(); ++i) {
      const auto axis = axes.find(parameters_.names()[i]);
      if (axis == axes.end()) continue;
      const at::Tensor u = at::empty({parameters_.leaves()[i].size(axis->second)});
      random.FillNormal({u.data_ptr<float>(), static_cast<size_t>(u.numel())});
      const auto [norm, added] = norms_.emplace(
          axis->first, SpectralNorm(axis->second, (u / u.norm()).to(options.device)));
      // The first vectors are far from singular ones; a few steps before the first use.
      for (int step = 0; step < 15; ++step) norm->second.Iterate(parameters_.leaves()[i]);
    }
  }
  Prepare(false, false);
}

void TrainedNetwork::Prepare(bool trained, bool iterate) {
  parameters_.RequireGradients(trained);
  prepared_.clear();
  for (size_t i = 0; i < parameters_.names().size(); ++i) {
    const std::string& name = parameters_.names()[i];
    const at::Tensor& leaf = parameters_.leaves()[i];
    const auto norm = norms_.find(name);
    if (norm == norms_.end()) {
      prepared_[name] = leaf;
      continue;
    }
    if (iterate) norm->second.Iterate(leaf);
    prepared_[name] = norm->second.Normalised(leaf);
  }
  for (const auto& [name, buffer] : buffers_) prepared_[name] = buffer;
}

at::Tensor TrainedNetwork::Run(std::span<const at::Tensor> inputs,
                               const torch_backend::RunOptions& options) const {
  return runner_.Run(prepared_, inputs, options).at(0);
}

NamedTensors TrainedNetwork::Export(const at::Tensor& average) const {
  const at::NoGradGuard no_gradients;
  const at::Tensor& block = average.defined() ? average : parameters_.values();
  NamedTensors out;
  for (size_t i = 0; i < parameters_.names().size(); ++i) {
    const std::string& name = parameters_.names()[i];
    const at::Tensor part = parameters_.PartOf(block, i);
    const auto norm = norms_.find(name);
    out.Add(name, ToTensor(norm == norms_.end() ? part : norm->second.Normalised(part)));
  }
  for (const auto& [name, buffer] : buffers_) out.Add(name, ToTensor(buffer));
  return out;
}

std::map<std::string, at::Tensor> TrainedNetwork::Buffers() const {
  std::map<std::string, at::Tensor> all = buffers_;
  for (const auto& [name, norm] : norms_) all[name + "_u"] = norm.u();
  return all;
}

void TrainedNetwork::RestoreBuffers(const std::map<std::string, at::Tensor>& buffers) {
  const at::NoGradGuard no_gradients;
  for (auto& [name, mine] : Buffers()) {
    const auto found = buffers.find(name);
    if (found == buffers.end() || found->second.sizes() != mine.sizes()) {
      Fail(ErrorCode::kBadData, "checkpoint", "wants \"{}\": it belongs to another network", name);
    }
    at::Tensor to = mine;
    to.copy_(found->second);
  }
}

}  // namespace gan::core
