#include "backends/torch/run_graph.h"

#include <algorithm>
#include <variant>

#include "backends/torch/training.h"
#include "base/error.h"
#include "runtime/lifetimes.h"

namespace gan::core::torch_backend {
namespace {

// A training run sees few sizes; whoever runs at many pays for the check, not with memory.
constexpr size_t kSizesRemembered = 16;

}  // namespace

ParameterTensors ParametersOf(const Graph& graph, const NamedTensors& tensors, at::Device device) {
  CheckParameters(graph, tensors);
  ParameterTensors parameters;
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter) continue;
    Tensor tensor = tensors.At(value.name).ToFloat();
    const std::span<const int64_t> sizes = tensor.shape().sizes();
    // from_blob only looks at the memory, hence the copy.
    parameters[value.name] =
        at::from_blob(tensor.raw().data(), at::IntArrayRef(sizes.data(), sizes.size()), at::kFloat)
            .to(device, at::kFloat, /*non_blocking=*/false, /*copy=*/true);
  }
  return parameters;
}

GraphRunner::GraphRunner(Graph graph) : graph_(std::move(graph)), released_(graph_.nodes.size()) {
  const std::vector<ValueLifetime> lifetimes = LifetimesOf(graph_);
  for (size_t i = 0; i < graph_.values.size(); ++i) {
    const auto id = static_cast<ValueId>(i);
    if (graph_.values[i].kind == ValueKind::kParameter) parameters_.push_back(id);
    const auto last = static_cast<size_t>(lifetimes[i].last_read);
    if (lifetimes[i].last_read >= 0 && last < released_.size()) released_[last].push_back(id);
  }
}

void GraphRunner::RequireSizesThatFit(std::span<const at::Tensor> inputs) const {
  std::vector<Shape> sizes;
  for (const at::Tensor& input : inputs) {
    sizes.emplace_back(std::span(input.sizes().data(), input.sizes().size()));
  }
  const std::scoped_lock lock(mutex_);
  if (std::ranges::find(fitting_, sizes) != fitting_.end()) return;
  ConcreteShapes(graph_, BindInputs(graph_, sizes));
  if (fitting_.size() < kSizesRemembered) fitting_.push_back(std::move(sizes));
}

std::vector<at::Tensor> GraphRunner::Run(const ParameterTensors& parameters,
                                         std::span<const at::Tensor> inputs,
                                         const RunOptions& options) const {
  RequireSizesThatFit(inputs);
  std::vector<at::Tensor> values(graph_.values.size());
  for (size_t i = 0; i < inputs.size(); ++i) values[Index(graph_.inputs[i])] = inputs[i];
  for (const ValueId id : parameters_) values[Index(id)] = parameters.at(graph_.value(id).name);
  std::vector<at::Tensor> in;
  for (size_t n = 0; n < graph_.nodes.size(); ++n) {
    const Node& node = graph_.nodes[n];
    in.clear();
    for (const ValueId id : node.inputs) in.push_back(values[Index(id)]);
    values[Index(node.output)] = std::visit(
        [&](const auto& op) {
          return options.training ? Train(op, in, options) : Evaluate(op, in);
        },
        node.op);
    in.clear();
    for (const ValueId id : released_[n]) values[Index(id)] = at::Tensor();
  }
  std::vector<at::Tensor> outputs;
  for (const ValueId id : graph_.outputs) outputs.push_back(values[Index(id)]);
  return outputs;
}

std::vector<at::Tensor> RunGraph(const Graph& graph, const ParameterTensors& parameters,
                                 std::span<const at::Tensor> inputs, const RunOptions& options) {
  return GraphRunner(graph).Run(parameters, inputs, options);
}

}  // namespace gan::core::torch_backend
