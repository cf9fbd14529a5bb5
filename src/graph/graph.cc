#include "graph/graph.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

SymbolicShape InferShape(const Graph& graph, const Op& op, const std::vector<ValueId>& inputs) {
  std::vector<Operand> operands;
  for (const ValueId id : inputs) {
    operands.push_back({graph.value(id).name, &graph.value(id).shape});
  }
  return std::visit(
      [&](const auto& typed) { return typed.InferShape(Operands(typed.kName, operands)); }, op);
}

// Marks what the outputs need, from the back.
std::vector<bool> NeededValues(const Graph& graph) {
  std::vector<bool> needed(graph.values.size(), false);
  for (const ValueId id : graph.outputs) needed[Index(id)] = true;
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    if (!needed[Index(node->output)]) continue;
    for (const ValueId id : node->inputs) needed[Index(id)] = true;
  }
  for (const ValueId id : graph.inputs) needed[Index(id)] = true;
  return needed;
}

}  // namespace

ValueId GraphBuilder::NewValue(std::string name, ValueKind kind, SymbolicShape shape) {
  const auto id = static_cast<ValueId>(graph_.values.size());
  graph_.values.push_back({std::move(name), kind, std::move(shape)});
  return id;
}

ValueId GraphBuilder::Input(std::string name, SymbolicShape shape) {
  const ValueId id = NewValue(std::move(name), ValueKind::kInput, std::move(shape));
  graph_.inputs.push_back(id);
  return id;
}

ValueId GraphBuilder::Parameter(const std::string& name, const Shape& shape) {
  const SymbolicShape sizes(shape.sizes().begin(), shape.sizes().end());
  if (const auto known = parameters_.find(name); known != parameters_.end()) {
    const SymbolicShape& before = ShapeOf(known->second);
    if (before != sizes) {
      Fail(ErrorCode::kBadData, "graph", "\"{}\" is used both as {} and as {}", Printable(name),
           ToString(before), ToString(sizes));
    }
    return known->second;
  }
  const ValueId id = NewValue(name, ValueKind::kParameter, sizes);
  parameters_.emplace(name, id);
  return id;
}

ValueId GraphBuilder::Add(Op op, std::vector<ValueId> inputs, std::string name) {
  for (const ValueId id : inputs) GAN_ASSERT(Index(id) < graph_.values.size());
  SymbolicShape shape = InferShape(graph_, op, inputs);
  if (name.empty()) name = fmt::format("%{}", graph_.values.size());
  const ValueId output = NewValue(std::move(name), ValueKind::kResult, std::move(shape));
  graph_.nodes.push_back({std::move(op), std::move(inputs), output});
  return output;
}

Graph GraphBuilder::Finish(std::vector<ValueId> outputs) {
  GAN_ASSERT(!outputs.empty());
  graph_.outputs = std::move(outputs);
  const std::vector<bool> needed = NeededValues(graph_);
  std::vector<ValueId> renamed(graph_.values.size(), ValueId{-1});
  Graph out{graph_.name, {}, {}, {}, {}};
  for (size_t i = 0; i < graph_.values.size(); ++i) {
    if (!needed[i]) continue;
    renamed[i] = static_cast<ValueId>(out.values.size());
    out.values.push_back(std::move(graph_.values[i]));
  }
  for (Node& node : graph_.nodes) {
    if (!needed[Index(node.output)]) continue;
    for (ValueId& id : node.inputs) id = renamed[Index(id)];
    node.output = renamed[Index(node.output)];
    out.nodes.push_back(std::move(node));
  }
  for (const ValueId id : graph_.inputs) out.inputs.push_back(renamed[Index(id)]);
  for (const ValueId id : graph_.outputs) out.outputs.push_back(renamed[Index(id)]);
  Verify(out);
  return out;
}

void Verify(const Graph& graph) {
  std::vector<bool> made(graph.values.size(), false);
  std::unordered_set<std::string> parameters;
  for (size_t i = 0; i < graph.values.size(); ++i) {
    const Value& value = graph.values[i];
    made[i] = value.kind != ValueKind::kResult;
    if (value.kind != ValueKind::kParameter) continue;
    GAN_ASSERT(parameters.insert(value.name).second);
    for (const Dim& dim : value.shape) GAN_ASSERT(dim.IsConstant() && dim.constant() >= 0);
  }
  for (const ValueId id : graph.inputs) {
    GAN_ASSERT(Index(id) < graph.values.size() && graph.value(id).kind == ValueKind::kInput);
  }
  for (const Node& node : graph.nodes) {
    for (const ValueId id : node.inputs) GAN_ASSERT(Index(id) < made.size() && made[Index(id)]);
    GAN_ASSERT(Index(node.output) < made.size() && !made[Index(node.output)]);
    made[Index(node.output)] = true;
    GAN_ASSERT(InferShape(graph, node.op, node.inputs) == graph.value(node.output).shape);
  }
  GAN_ASSERT(std::ranges::all_of(made, [](bool m) { return m; }));
  GAN_ASSERT(!graph.outputs.empty());
  for (const ValueId id : graph.outputs) GAN_ASSERT(Index(id) < made.size());
  GAN_ASSERT(std::ranges::all_of(NeededValues(graph), [](bool n) { return n; }));
}

std::string ToString(const Graph& graph) {
  std::string text = fmt::format("graph \"{}\"\n", graph.name);
  for (const ValueId id : graph.inputs) {
    text += fmt::format("  input {} : {}\n", graph.value(id).name, ToString(graph.value(id).shape));
  }
  for (const Node& node : graph.nodes) {
    const Value& out = graph.value(node.output);
    text += fmt::format("  {} = {}(", out.name, NameOf(node.op));
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      text += fmt::format("{}{}", i == 0 ? "" : ", ", graph.value(node.inputs[i]).name);
    }
    const std::string attributes = AttributesOf(node.op);
    text +=
        fmt::format("){}{} : {}\n", attributes.empty() ? "" : " ", attributes, ToString(out.shape));
  }
  for (const ValueId id : graph.outputs) text += fmt::format("  output {}\n", graph.value(id).name);
  return text;
}

void CheckParameters(const Graph& graph, const NamedTensors& tensors) {
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter) continue;
    const Tensor& tensor = tensors.At(value.name);
    if (!IsFloating(tensor.dtype())) {
      Fail(ErrorCode::kBadData, graph.name, "\"{}\" wants floating-point numbers, got {}",
           Printable(value.name), NameOf(tensor.dtype()));
    }
    if (tensor.shape() != Evaluate(value.shape, {})) {
      Fail(ErrorCode::kBadData, graph.name, "\"{}\" wants {}, got {}", Printable(value.name),
           ToString(value.shape), tensor.shape().ToString());
    }
  }
}

std::vector<Shape> ConcreteShapes(const Graph& graph, const Bindings& bindings) {
  std::vector<Shape> shapes;
  for (const Value& value : graph.values) {
    std::vector<int64_t> sizes;
    for (const Dim& dim : value.shape) {
      sizes.push_back(dim.Eval(bindings));
      if (sizes.back() < 1 && value.kind != ValueKind::kParameter) {
        Fail(ErrorCode::kBadData, graph.name,
             "the input is too small for this network: \"{}\" {} would come out with size {}",
             Printable(value.name), ToString(value.shape), sizes.back());
      }
    }
    shapes.emplace_back(sizes);
  }
  return shapes;
}

Bindings BindInputs(const Graph& graph, const std::vector<Shape>& inputs) {
  if (inputs.size() != graph.inputs.size()) {
    Fail(ErrorCode::kUsage, graph.name, "wants {} inputs, got {}", graph.inputs.size(),
         inputs.size());
  }
  Bindings bindings;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Value& value = graph.value(graph.inputs[i]);
    const auto fail = [&](std::string_view why) {
      Fail(ErrorCode::kBadData, graph.name, "\"{}\" wants {}, got {}{}", value.name,
           ToString(value.shape), inputs[i].ToString(), why);
    };
    if (inputs[i].rank() != value.shape.size()) fail("");
    for (size_t axis = 0; axis < value.shape.size(); ++axis) {
      const Dim& dim = value.shape[axis];
      const int64_t size = inputs[i][axis];
      if (size < 1) fail(": it is empty");
      if (dim.IsConstant()) {
        if (dim.constant() != size) fail("");
        continue;
      }
      if (dim != Dim::Symbol(dim.symbol(), dim.multiple())) {
        // A size that follows from that of an input before.
        if (!bindings.contains(dim.symbol()) || dim.Eval(bindings) != size) fail("");
        continue;
      }
      const auto [known, fresh] = bindings.emplace(dim.symbol(), size);
      if (!fresh && known->second != size) fail("");
      if (size % dim.multiple() != 0) {
        fail(fmt::format(": {} must be a multiple of {}", dim.symbol(), dim.multiple()));
      }
      GAN_ASSERT(dim.Eval(bindings) == size);
    }
  }
  return bindings;
}

GraphCost CostOf(const Graph& graph, const Bindings& bindings) {
  const std::vector<Shape> shapes = ConcreteShapes(graph, bindings);
  GraphCost cost;
  for (size_t i = 0; i < shapes.size(); ++i) {
    if (graph.values[i].kind == ValueKind::kParameter) cost.parameters += shapes[i].elements();
  }
  for (const Node& node : graph.nodes) {
    std::vector<Shape> inputs;
    for (const ValueId id : node.inputs) inputs.push_back(shapes[Index(id)]);
    const Shape& out = shapes[Index(node.output)];
    cost.multiply_adds +=
        std::visit([&](const auto& op) { return op.MultiplyAdds(inputs, out); }, node.op);
    cost.bytes += static_cast<double>(out.elements()) * sizeof(float);
    for (const Shape& in : inputs) cost.bytes += static_cast<double>(in.elements()) * sizeof(float);
  }
  return cost;
}

}  // namespace gan::core
