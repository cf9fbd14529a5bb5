#include "backends/torch/run_graph.h"

#include <variant>

#include "backends/torch/evaluate.h"
#include "runtime/lifetimes.h"

namespace gan::core::torch_backend {
namespace {

void RequireSizesThatFit(const Graph& graph, std::span<const at::Tensor> inputs) {
  std::vector<Shape> sizes;
  for (const at::Tensor& input : inputs) {
    sizes.emplace_back(std::span(input.sizes().data(), input.sizes().size()));
  }
  ConcreteShapes(graph, BindInputs(graph, sizes));
}

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

std::vector<at::Tensor> RunGraph(const Graph& graph, const ParameterTensors& parameters,
                                 std::span<const at::Tensor> inputs) {
  RequireSizesThatFit(graph, inputs);
  const std::vector<ValueLifetime> lifetimes = LifetimesOf(graph);
  std::vector<at::Tensor> values(graph.values.size());
  for (size_t i = 0; i < inputs.size(); ++i) values[Index(graph.inputs[i])] = inputs[i];
  for (size_t i = 0; i < values.size(); ++i) {
    if (graph.values[i].kind == ValueKind::kParameter)
      values[i] = parameters.at(graph.values[i].name);
  }
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    std::vector<at::Tensor> in;
    for (const ValueId id : node.inputs) in.push_back(values[Index(id)]);
    values[Index(node.output)] =
        std::visit([&](const auto& op) { return Evaluate(op, in); }, node.op);
    for (const ValueId id : node.inputs) {
      if (lifetimes[Index(id)].last_read == static_cast<int>(n)) values[Index(id)] = at::Tensor();
    }
  }
  std::vector<at::Tensor> outputs;
  for (const ValueId id : graph.outputs) outputs.push_back(values[Index(id)]);
  return outputs;
}

}  // namespace gan::core::torch_backend
