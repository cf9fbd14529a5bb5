// Each ONNX operator as nodes of a graph: one function an operator, in tables.
#ifndef GAN_FORMATS_ONNX_OPS_H_
#define GAN_FORMATS_ONNX_OPS_H_

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "formats/onnx_file.h"
#include "graph/graph.h"
#include "tensor/named_tensors.h"

namespace gan::core {

// What a name stands for: a value of the graph, or numbers that are known already (weights,
// shapes).
using OnnxValue = std::variant<ValueId, Tensor>;

// One node while it becomes nodes of ours.
class OnnxCall {
 public:
  OnnxCall(const OnnxNode& n, int64_t opset_version, std::vector<std::optional<OnnxValue>> in,
           GraphBuilder& graph, NamedTensors& parameters)
      : node(n),
        opset(opset_version),
        inputs_(std::move(in)),
        graph_(graph),
        parameters_(parameters) {}

  const OnnxNode& node;
  const int64_t opset;

  // Error kBadData naming the node for everything that it wants and has not.
  size_t size() const { return inputs_.size(); }
  bool Has(size_t i) const { return i < inputs_.size() && inputs_[i].has_value(); }
  bool IsKnown(size_t i) const { return Has(i) && std::holds_alternative<Tensor>(*inputs_[i]); }
  const Tensor& Known(size_t i) const;             // numbers
  std::vector<int64_t> KnownInts(size_t i) const;  // whole numbers
  std::vector<float> KnownFloats(size_t i) const;
  ValueId Value(size_t i);                     // known numbers become a parameter
  ValueId ValueOfRank(size_t i, size_t rank);  // likewise, with axes of 1 in front
  const SymbolicShape& ShapeOf(ValueId value) const { return graph_.ShapeOf(value); }
  int64_t Channels(ValueId value) const;

  ValueId Parameter(size_t i, const Tensor& tensor);  // under the name of input i
  ValueId Add(Op op, std::vector<ValueId> operands) {
    return graph_.Add(std::move(op), std::move(operands));
  }
  ValueId Activate(ValueId value, ActivationKind kind, float alpha = 0, float beta = 0) {
    return Add(Activation{kind, alpha, beta}, {value});
  }

 private:
  std::vector<std::optional<OnnxValue>> inputs_;
  GraphBuilder& graph_;
  NamedTensors& parameters_;
};

// Makes the node's first output.
using OnnxHandler = OnnxValue (*)(OnnxCall& call);

struct OnnxOperator {
  std::string_view op;
  OnnxHandler handler;
};

OnnxHandler FindOnnxHandler(std::string_view op);  // nullptr for what gan cannot run

std::span<const OnnxOperator> OnnxWeightOperators();      // onnx_weight_ops.cc
std::span<const OnnxOperator> OnnxShapeOperators();       // onnx_shape_ops.cc
std::span<const OnnxOperator> OnnxArithmeticOperators();  // onnx_arithmetic_ops.cc
std::span<const OnnxOperator> OnnxPatternOperators();     // onnx_pattern_ops.cc

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_OPS_H_
