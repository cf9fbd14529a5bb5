// Ops of a graph as nodes of ONNX, opset 17: one function an op, which sees the op's node and adds
// nodes of ONNX that make the same numbers.
#ifndef GAN_FORMATS_ONNX_LOWERING_H_
#define GAN_FORMATS_ONNX_LOWERING_H_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "formats/onnx_attributes.h"
#include "formats/protobuf_writer.h"
#include "graph/graph.h"
#include "tensor/named_tensors.h"

namespace gan::core {

// Numbers in the file, f32 or i64: a parameter, or a constant that the nodes read.
struct OnnxInitializer {
  std::string name;
  Tensor data;  // shares the parameter's memory
};

class OnnxLowering {
 public:
  // `where` names the file. The graph and the parameters must outlive this.
  OnnxLowering(std::string_view where, const Graph& graph, const NamedTensors& parameters);

  // Writes every node. Error kBadData naming an op that no operators of opset 17 make up.
  void LowerAll();

  const std::vector<ProtoWriter>& nodes() const { return nodes_; }
  const std::vector<OnnxInitializer>& initializers() const { return initializers_; }
  const std::string& NameOf(ValueId id) const { return names_[Index(id)]; }

  // -- For the functions of the ops, about the node that is being written

  size_t size() const { return node_->inputs.size(); }
  const SymbolicShape& ShapeOf(size_t i) const { return graph_.value(node_->inputs[i]).shape; }
  const SymbolicShape& OutputShape() const { return graph_.value(node_->output).shape; }
  int64_t Channels() const { return ShapeOf(0)[1].constant(); }

  std::string In(size_t i);           // the name of an input
  std::vector<std::string> Ins();     // of all inputs
  const Tensor& Parameter(size_t i);  // its numbers. Error kBadData when a node makes them
  std::string Reshaped(size_t i, const Shape& sizes);  // a parameter under other sizes

  std::string Constant(const Tensor& data);  // equal constants are one
  std::string Number(float value) { return Constant(Tensor::FromFloats({}, {&value, 1})); }
  std::string Filled(const Shape& shape, float value);
  std::string Integers(const std::vector<int64_t>& values);

  // A node of ONNX; returns the name of what it makes.
  std::string Make(std::string_view op, const std::vector<std::string>& inputs,
                   const std::vector<ProtoWriter>& attributes = {});
  // The one that makes the node's own output.
  void Finish(std::string_view op, const std::vector<std::string>& inputs,
              const std::vector<ProtoWriter>& attributes = {});

  template <class... Args>
  [[noreturn]] void FailHere(fmt::format_string<Args...> text, Args&&... args) const {
    Fail(ErrorCode::kBadData, where_, "ONNX cannot hold \"{}\" ({}): {}",
         Printable(graph_.value(node_->output).name), core::NameOf(node_->op),
         fmt::format(text, std::forward<Args>(args)...));
  }

 private:
  std::string Fresh(std::string wanted);
  std::string Initializer(const std::string& name, const Tensor& data);
  void Write(std::string_view op, const std::vector<std::string>& inputs, const std::string& output,
             const std::vector<ProtoWriter>& attributes);

  std::string where_;
  const Graph& graph_;
  const NamedTensors& parameters_;
  const Node* node_ = nullptr;
  std::set<std::string, std::less<>> taken_;
  std::vector<std::string> names_;  // of the graph's values, by Index(id)
  std::map<std::pair<ValueId, std::vector<int64_t>>, std::string> in_file_;  // parameters
  std::map<std::string, std::string> constants_;  // type, sizes and bytes to the name
  std::vector<OnnxInitializer> initializers_;
  std::vector<ProtoWriter> nodes_;
};

#define GAN_OP(Type, file) void LowerToOnnx(const Type& op, OnnxLowering& to);
#include "graph/ops/ops.def"
#undef GAN_OP

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_LOWERING_H_
