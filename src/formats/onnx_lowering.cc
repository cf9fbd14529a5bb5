#include "formats/onnx_lowering.h"

#include <algorithm>
#include <cstring>

namespace gan::core {

OnnxLowering::OnnxLowering(std::string_view where, const Graph& graph,
                           const NamedTensors& parameters)
    : where_(where), graph_(graph), parameters_(parameters), names_(graph.values.size()) {
  // What people know by its name keeps it; results then get what is left.
  for (const bool results : {false, true}) {
    for (size_t i = 0; i < graph.values.size(); ++i) {
      const Value& value = graph.values[i];
      if ((value.kind == ValueKind::kResult) != results) continue;
      // A result without a name of its own has one like %12.
      names_[i] = Fresh(value.name.starts_with('%') ? "value_" + value.name.substr(1) : value.name);
    }
  }
}

void OnnxLowering::LowerAll() {
  for (const Node& node : graph_.nodes) {
    node_ = &node;
    std::visit([&](const auto& op) { LowerToOnnx(op, *this); }, node.op);
  }
}

std::string OnnxLowering::Fresh(std::string wanted) {
  if (wanted.empty()) wanted = "value";
  std::string name = wanted;
  for (int i = 2; !taken_.insert(name).second; ++i) name = fmt::format("{}_{}", wanted, i);
  return name;
}

std::string OnnxLowering::In(size_t i) {
  const ValueId id = node_->inputs[i];
  if (graph_.value(id).kind != ValueKind::kParameter) return NameOf(id);
  return Reshaped(i, Parameter(i).shape());
}

std::vector<std::string> OnnxLowering::Ins() {
  std::vector<std::string> names;
  for (size_t i = 0; i < size(); ++i) names.push_back(In(i));
  return names;
}

const Tensor& OnnxLowering::Parameter(size_t i) {
  const Value& value = graph_.value(node_->inputs[i]);
  if (value.kind != ValueKind::kParameter) {
    FailHere("input \"{}\" is computed, a parameter is wanted", Printable(value.name));
  }
  return parameters_.At(value.name);
}

std::string OnnxLowering::Reshaped(size_t i, const Shape& sizes) {
  const ValueId id = node_->inputs[i];
  const Tensor data = Parameter(i).ToFloat().Reshaped(sizes);
  const bool first =
      std::ranges::none_of(in_file_, [&](const auto& entry) { return entry.first.first == id; });
  std::string& name = in_file_[{id, {sizes.sizes().begin(), sizes.sizes().end()}}];
  if (name.empty()) name = Initializer(first ? NameOf(id) : Fresh(NameOf(id)), data);
  return name;
}

std::string OnnxLowering::Constant(const Tensor& data) {
  std::string key = fmt::format("{}{}", core::NameOf(data.dtype()), data.shape().ToString());
  key.append(reinterpret_cast<const char*>(data.raw().data()), data.bytes());
  std::string& name = constants_[std::move(key)];
  if (name.empty()) name = Initializer(Fresh(fmt::format("constant_{}", constants_.size())), data);
  return name;
}

std::string OnnxLowering::Filled(const Shape& shape, float value) {
  Tensor data(DType::kF32, shape);
  std::ranges::fill(data.floats(), value);
  return Constant(data);
}

std::string OnnxLowering::Integers(const std::vector<int64_t>& values) {
  Tensor data(DType::kI64, {static_cast<int64_t>(values.size())});
  std::memcpy(data.raw().data(), values.data(), data.bytes());
  return Constant(data);
}

std::string OnnxLowering::Initializer(const std::string& name, const Tensor& data) {
  initializers_.push_back({name, data});
  return name;
}

std::string OnnxLowering::Make(std::string_view op, const std::vector<std::string>& inputs,
                               const std::vector<ProtoWriter>& attributes) {
  std::string output = Fresh(fmt::format("{}/{}", NameOf(node_->output), op));
  Write(op, inputs, output, attributes);
  return output;
}

void OnnxLowering::Finish(std::string_view op, const std::vector<std::string>& inputs,
                          const std::vector<ProtoWriter>& attributes) {
  Write(op, inputs, NameOf(node_->output), attributes);
}

void OnnxLowering::Write(std::string_view op, const std::vector<std::string>& inputs,
                         const std::string& output, const std::vector<ProtoWriter>& attributes) {
  ProtoWriter node;
  for (const std::string& input : inputs) node.Bytes(1, input);
  node.Bytes(2, output).Bytes(3, output).Bytes(4, op);
  for (const ProtoWriter& attribute : attributes) node.Message(5, attribute);
  nodes_.push_back(std::move(node));
}

}  // namespace gan::core
