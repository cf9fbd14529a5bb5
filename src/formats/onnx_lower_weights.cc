// Ops with weights.
#include <algorithm>
#include <cmath>

#include "formats/onnx_lowering.h"

namespace gan::core {
namespace {

std::vector<int64_t> Two(const Size2d& size) { return {size.h, size.w}; }

std::vector<int64_t> Four(const Padding2d& p) { return {p.top, p.left, p.bottom, p.right}; }

template <class Convolution>
std::vector<ProtoWriter> AttributesOf(const Convolution& op) {
  return {OnnxIntegers("kernel_shape", Two(op.kernel)), OnnxIntegers("strides", Two(op.stride)),
          OnnxIntegers("dilations", Two(op.dilation)), OnnxIntegers("pads", Four(op.padding)),
          OnnxInteger("group", op.groups)};
}

// Sums over the taps of squared weights times scale^2, [outputs, inputs].
Tensor SquaresOf(const Demodulate& op, const Tensor& weight) {
  const Shape& shape = weight.shape();
  const Tensor from = weight.ToFloat();
  const int64_t taps = shape[2] * shape[3];
  const int64_t outputs = shape[op.transposed ? 1 : 0], inputs = shape[op.transposed ? 0 : 1];
  Tensor out(DType::kF32, {outputs, inputs});
  for (int64_t o = 0; o < outputs; ++o) {
    for (int64_t i = 0; i < inputs; ++i) {
      const int64_t filter = op.transposed ? i * outputs + o : o * inputs + i;
      double sum = 0;
      for (int64_t tap = 0; tap < taps; ++tap) {
        const double w = from.floats()[static_cast<size_t>(filter * taps + tap)];
        sum += w * w;
      }
      out.floats()[static_cast<size_t>(o * inputs + i)] =
          static_cast<float>(sum * op.scale * op.scale);
    }
  }
  return out;
}

}  // namespace

void LowerToOnnx(const Conv2d& op, OnnxLowering& to) {
  to.Finish("Conv", to.Ins(), AttributesOf(op));
}

void LowerToOnnx(const ConvTranspose2d& op, OnnxLowering& to) {
  std::vector<ProtoWriter> attributes = AttributesOf(op);
  attributes.push_back(OnnxIntegers("output_padding", Two(op.output_padding)));
  to.Finish("ConvTranspose", to.Ins(), attributes);
}

void LowerToOnnx(const Linear&, OnnxLowering& to) {
  to.Finish("Gemm", to.Ins(), {OnnxInteger("transB", 1)});
}

void LowerToOnnx(const Prelu&, OnnxLowering& to) {
  // Slopes lie along the channels, which behind [N, C] means axes of 1.
  std::vector<int64_t> sizes(to.ShapeOf(0).size() - 1, 1);
  sizes[0] = to.ShapeOf(1)[0].constant();
  to.Finish("PRelu", {to.In(0), to.Reshaped(1, Shape(std::span<const int64_t>(sizes)))});
}

void LowerToOnnx(const BatchNorm& op, OnnxLowering& to) {
  std::vector<std::string> inputs = to.Ins();
  if (inputs.size() == 3) {
    const Shape channels{to.Channels()};
    inputs = {inputs[0], to.Filled(channels, 1), to.Filled(channels, 0), inputs[1], inputs[2]};
  }
  to.Finish("BatchNormalization", inputs, {OnnxNumber("epsilon", op.epsilon)});
}

// GroupNormalization is of opset 18: here each group is a channel of a picture of one row.
void LowerToOnnx(const GroupNorm& op, OnnxLowering& to) {
  const std::vector<ProtoWriter> epsilon = {OnnxNumber("epsilon", op.epsilon)};
  const Shape each{op.groups};
  const bool weighted = to.size() == 3;
  if (op.groups == to.Channels()) {
    const std::string weight = weighted ? to.In(1) : to.Filled(each, 1);
    const std::string bias = weighted ? to.In(2) : to.Filled(each, 0);
    return to.Finish("InstanceNormalization", {to.In(0), weight, bias}, epsilon);
  }
  const std::string rows = to.Make("Reshape", {to.In(0), to.Integers({0, op.groups, -1})});
  const std::string even =
      to.Make("InstanceNormalization", {rows, to.Filled(each, 1), to.Filled(each, 0)}, epsilon);
  const std::vector<std::string> back = {even, to.Make("Shape", {to.In(0)})};
  if (!weighted) return to.Finish("Reshape", back);
  const Shape channels{to.Channels(), 1, 1};
  const std::string scaled = to.Make("Mul", {to.Make("Reshape", back), to.Reshaped(1, channels)});
  to.Finish("Add", {scaled, to.Reshaped(2, channels)});
}

void LowerToOnnx(const Demodulate& op, OnnxLowering& to) {
  const std::string style = to.In(0);
  const std::string squares = to.Constant(SquaresOf(op, to.Parameter(1)));
  const std::string sum =
      to.Make("Gemm", {to.Make("Mul", {style, style}), squares}, {OnnxInteger("transB", 1)});
  const std::string root = to.Make("Sqrt", {to.Make("Add", {sum, to.Number(op.epsilon)})});
  to.Finish("Reciprocal", {root});
}

}  // namespace gan::core
