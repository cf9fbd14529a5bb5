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

// Whole numbers of which some depend on the size of the picture: what is computed from a shape.
struct OnnxSizes {
  Shape shape;               // how the numbers lie: () or (n)
  std::vector<Dim> numbers;  // as many as the shape has elements
  bool is_fraction = false;  // cast to numbers with fractions, as before a multiplication by 0.5
};

// A picture seen as blocks of pixels, on the way of exporters to a shuffle: six axes, and their
// order when they were turned.
struct OnnxBlocks {
  ValueId picture;
  std::vector<Dim> sizes;     // six
  std::vector<int64_t> turn;  // empty before the axes are turned
};

// A value with its axes in another order, the first in its place: see onnx_turned.h.
struct OnnxTurned {
  ValueId value;
  std::vector<int64_t> turn;  // axis i is axis turn[i] of the value
};

// The numbers of classes, as labels [N, classes]: see onnx_classes.h.
struct OnnxClasses {
  ValueId labels;
  size_t ones = 0;  // axes of the numbers behind the first, each of size 1
};

// What a name stands for: a value of the graph, numbers that are known already (weights, shapes),
// sizes, blocks, a value that was turned, or classes.
using OnnxValue = std::variant<ValueId, Tensor, OnnxSizes, OnnxBlocks, OnnxTurned, OnnxClasses>;

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
  bool IsSizes(size_t i) const { return Has(i) && std::holds_alternative<OnnxSizes>(*inputs_[i]); }
  bool IsValue(size_t i) const { return Has(i) && std::holds_alternative<ValueId>(*inputs_[i]); }
  const OnnxBlocks* Blocks(size_t i) const {  // nullptr for anything else
    return Has(i) ? std::get_if<OnnxBlocks>(&*inputs_[i]) : nullptr;
  }
  const OnnxTurned* Turned(size_t i) const {  // likewise
    return Has(i) ? std::get_if<OnnxTurned>(&*inputs_[i]) : nullptr;
  }
  const OnnxClasses* Classes(size_t i) const {  // likewise
    return Has(i) ? std::get_if<OnnxClasses>(&*inputs_[i]) : nullptr;
  }
  void Replace(size_t i, OnnxValue value) { inputs_[i] = std::move(value); }
  // The same inputs for another node, which must outlive the call.
  OnnxCall Of(const OnnxNode& other) const {
    return OnnxCall(other, opset, inputs_, graph_, parameters_);
  }
  std::vector<Dim> Sizes(size_t i) const;  // sizes, or whole numbers that are known
  ValueId Value(size_t i);  // known numbers become a parameter, turned ones are moved
  ValueId ValueOfRank(size_t i, size_t rank);  // likewise, with axes of 1 in front
  const SymbolicShape& ShapeOf(ValueId value) const { return graph_.ShapeOf(value); }
  int64_t Channels(ValueId value) const;

  ValueId Parameter(size_t i, const Tensor& tensor);  // under the name of input i
  ValueId Constant(const Tensor& tensor);             // f32 numbers of our own making
  // The same for all nodes that name them so.
  ValueId SharedConstant(const std::string& name, const Tensor& tensor) {
    return Named(name, tensor);
  }
  ValueId Add(Op op, std::vector<ValueId> operands) {
    return graph_.Add(std::move(op), std::move(operands));
  }
  ValueId Activate(ValueId value, ActivationKind kind, float alpha = 0, float beta = 0) {
    return Add(Activation{kind, alpha, beta}, {value});
  }

  // What the outputs behind the first are, where a node makes several.
  std::vector<OnnxValue> more_outputs;

 private:
  friend class OnnxFolding;

  ValueId Named(std::string name, const Tensor& tensor);

  std::vector<std::optional<OnnxValue>> inputs_;
  GraphBuilder& graph_;
  NamedTensors& parameters_;
};

// A scale as a fraction: whole numbers to sixteenths, and their multiples; nothing for others.
std::optional<std::pair<int64_t, int64_t>> OnnxFraction(float scale);

// Where `axis`, which may count from the end, is among `rank` axes. Error kBadData beyond them.
size_t OnnxAxis(const OnnxCall& call, int64_t axis, size_t rank);

// "axes" as an attribute (at first) or as input 1 (since), each within the rank, sorted; `absent`
// where there are none.
std::vector<size_t> OnnxAxes(const OnnxCall& call, size_t rank, std::vector<size_t> absent);

// Known sizes in front of some axes but for the number of pictures, along them, and behind them.
struct OnnxColumns {
  int64_t before = 1, along = 1, behind = 1;
  std::vector<int64_t> sizes;  // all but the number of pictures
};

// Of the axes [begin, end) of a value. Error kBadData where a size is not known.
OnnxColumns OnnxColumnsOf(const OnnxCall& call, const SymbolicShape& shape, size_t begin,
                          size_t end);

// "pads", or what "auto_pad" asks for a window that slides over these sizes.
Padding2d OnnxPadding(const OnnxCall& call, const SymbolicShape& shape, const Size2d& kernel,
                      const Size2d& stride, const Size2d& dilation);

// A picture reshaped to `sizes` of six axes: blocks. Nothing where it is no such step.
std::optional<OnnxValue> OnnxSeenAsBlocks(OnnxCall& call, const std::vector<Dim>& sizes);
// Blocks with their axes turned by "perm", and turned ones put together as a picture.
OnnxValue OnnxTurnedBlocks(OnnxCall& call, const OnnxBlocks& blocks);
OnnxValue OnnxJoinedBlocks(OnnxCall& call, const OnnxBlocks& blocks, const std::vector<Dim>& sizes);

// The operator Einsum.
OnnxValue OnnxEinsum(OnnxCall& call);

// Makes the node's first output, and OnnxCall::more_outputs.
using OnnxHandler = OnnxValue (*)(OnnxCall& call);

struct OnnxOperator {
  std::string_view op;
  OnnxHandler handler;
};

OnnxHandler FindOnnxHandler(std::string_view op);  // nullptr for what gan cannot run

std::span<const OnnxOperator> OnnxWeightOperators();      // onnx_weight_ops.cc
std::span<const OnnxOperator> OnnxShapeOperators();       // onnx_shape_ops.cc
std::span<const OnnxOperator> OnnxBlockOperators();       // onnx_block_ops.cc
std::span<const OnnxOperator> OnnxResizeOperators();      // onnx_resize_ops.cc
std::span<const OnnxOperator> OnnxArithmeticOperators();  // onnx_arithmetic_ops.cc
std::span<const OnnxOperator> OnnxReduceOperators();      // onnx_reduce_ops.cc
std::span<const OnnxOperator> OnnxPatternOperators();     // onnx_pattern_ops.cc

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_OPS_H_
