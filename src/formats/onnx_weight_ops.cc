// Operators with weights.
#include <array>

#include "formats/onnx_ops.h"

namespace gan::core {
namespace {

Size2d PairOf(const OnnxCall& call, std::string_view attribute) {
  const std::vector<int64_t> values = call.node.Ints(attribute, {1, 1});
  if (values.size() != 2) call.node.FailHere("wants {} along two axes", attribute);
  return {values[0], values[1]};
}

// "pads", or what "auto_pad" asks for where that does not depend on the picture's size.
Padding2d PaddingOf(const OnnxCall& call, const Size2d& kernel, const Size2d& stride,
                    const Size2d& dilation) {
  const std::string automatic = call.node.Text("auto_pad", "NOTSET");
  const std::vector<int64_t> pads = call.node.Ints("pads", {0, 0, 0, 0});
  if (pads.size() != 4) call.node.FailHere("wants pads on four sides");
  if (automatic == "NOTSET" || automatic.empty()) return {pads[0], pads[1], pads[2], pads[3]};
  if (automatic == "VALID") return {};
  if (stride != Size2d{1, 1} || (automatic != "SAME_UPPER" && automatic != "SAME_LOWER")) {
    call.node.FailHere("pads by \"{}\", which gan does not know", Printable(automatic));
  }
  const int64_t h = dilation.h * (kernel.h - 1), w = dilation.w * (kernel.w - 1);
  const bool upper = automatic == "SAME_UPPER";
  const int64_t top = upper ? h / 2 : h - h / 2, left = upper ? w / 2 : w - w / 2;
  return {top, left, h - top, w - left};
}

const Shape& FilterOf(const OnnxCall& call) {
  const Shape& shape = call.Known(1).shape();
  if (shape.rank() != 4) call.node.FailHere("wants filters of four axes, got {}", shape.ToString());
  return shape;
}

std::vector<ValueId> Operands(OnnxCall& call) {
  std::vector<ValueId> operands = {call.Value(0), call.Value(1)};
  if (call.Has(2)) operands.push_back(call.Value(2));
  return operands;
}

OnnxValue Conv(OnnxCall& call) {
  const Shape& filter = FilterOf(call);
  Conv2d op{.kernel = {filter[2], filter[3]},
            .stride = PairOf(call, "strides"),
            .dilation = PairOf(call, "dilations"),
            .groups = call.node.Int("group", 1)};
  op.padding = PaddingOf(call, op.kernel, op.stride, op.dilation);
  return call.Add(op, Operands(call));
}

OnnxValue ConvTranspose(OnnxCall& call) {
  const Shape& filter = FilterOf(call);
  const std::vector<int64_t> extra = call.node.Ints("output_padding", {0, 0});
  if (extra.size() != 2) call.node.FailHere("wants output_padding along two axes");
  if (!call.node.Ints("output_shape").empty()) {
    call.node.FailHere("has an output_shape, which gan does not know");
  }
  ConvTranspose2d op{.kernel = {filter[2], filter[3]},
                     .stride = PairOf(call, "strides"),
                     .dilation = PairOf(call, "dilations"),
                     .output_padding = {extra[0], extra[1]},
                     .groups = call.node.Int("group", 1)};
  op.padding = PaddingOf(call, op.kernel, {2, 2}, op.dilation);
  return call.Add(op, Operands(call));
}

OnnxValue BatchNormalization(OnnxCall& call) {
  if (call.node.Int("training_mode", 0) != 0) call.node.FailHere("is in training mode");
  const BatchNorm op{.epsilon = call.node.Float("epsilon", 1e-5f)};
  return call.Add(op, {call.Value(0), call.Value(1), call.Value(2), call.Value(3), call.Value(4)});
}

OnnxValue InstanceNormalization(OnnxCall& call) {
  const ValueId x = call.Value(0);
  const GroupNorm op{.groups = call.Channels(x), .epsilon = call.node.Float("epsilon", 1e-5f)};
  return call.Add(op, {x, call.Value(1), call.Value(2)});
}

OnnxValue PRelu(OnnxCall& call) {
  const Tensor& slope = call.Known(1);
  const ValueId x = call.Value(0);
  const int64_t count = slope.shape().elements();
  if (count != 1 && count != call.Channels(x)) {
    call.node.FailHere("wants one slope, or one a channel, got {}", slope.shape().ToString());
  }
  return call.Add(Prelu{}, {x, call.Parameter(1, slope.Reshaped({count}))});
}

Tensor Transposed(const Tensor& matrix) {
  const Tensor floats = matrix.ToFloat();
  const int64_t rows = floats.shape()[0], columns = floats.shape()[1];
  const ConstTensorView from(floats.floats().data(), DType::kF32, {columns, rows}, {1, columns});
  Tensor out(DType::kF32, {columns, rows});
  CopyElements(from, out.view());
  return out;
}

// x [N, I] by a matrix that the file holds.
OnnxValue Gemm(OnnxCall& call) {
  if (call.node.Float("alpha", 1) != 1 || call.node.Float("beta", 1) != 1 ||
      call.node.Int("transA", 0) != 0) {
    call.node.FailHere("wants alpha and beta of 1 and an input that is not transposed");
  }
  const Tensor& matrix = call.Known(1);
  if (matrix.shape().rank() != 2) call.node.FailHere("wants a matrix as input 1");
  const bool rows = call.node.Int("transB", 0) != 0;
  std::vector<ValueId> operands = {call.Value(0),
                                   call.Parameter(1, rows ? matrix : Transposed(matrix))};
  if (call.Has(2)) {
    const Tensor& bias = call.Known(2);
    operands.push_back(call.Parameter(2, bias.Reshaped({bias.shape().elements()})));
  }
  return call.Add(Linear{}, operands);
}

OnnxValue MatMul(OnnxCall& call) {
  const Tensor& matrix = call.Known(1);
  if (matrix.shape().rank() != 2) call.node.FailHere("wants a matrix as input 1");
  return call.Add(Linear{}, {call.Value(0), call.Parameter(1, Transposed(matrix))});
}

constexpr std::array kOperators = {
    OnnxOperator{"Conv", Conv},
    OnnxOperator{"ConvTranspose", ConvTranspose},
    OnnxOperator{"BatchNormalization", BatchNormalization},
    OnnxOperator{"InstanceNormalization", InstanceNormalization},
    OnnxOperator{"PRelu", PRelu},
    OnnxOperator{"Gemm", Gemm},
    OnnxOperator{"MatMul", MatMul},
};

}  // namespace

std::span<const OnnxOperator> OnnxWeightOperators() { return kOperators; }

}  // namespace gan::core
