// Operators with weights.
#include <algorithm>
#include <array>

#include "formats/onnx_ops.h"
#include "formats/onnx_turned.h"

namespace gan::core {
namespace {

Size2d PairOf(const OnnxCall& call, std::string_view attribute) {
  const std::vector<int64_t> values = call.node.Ints(attribute, {1, 1});
  if (values.size() != 2) call.node.FailHere("wants {} along two axes", attribute);
  return {values[0], values[1]};
}

struct Sides {
  int64_t before = 0, after = 0;
};

// What is odd goes behind the picture with SAME_UPPER, in front of it otherwise.
Sides Halves(const OnnxCall& call, int64_t total) {
  const int64_t half = total / 2;
  if (call.node.Text("auto_pad", "") == "SAME_UPPER") return {half, total - half};
  return {total - half, half};
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

// Such that reaches can be computed with.
void RequireWindow(const OnnxCall& call, const Size2d& kernel, const Size2d& stride,
                   const Size2d& dilation) {
  constexpr int64_t kMost = 1 << 16;
  for (const Size2d& size : {kernel, stride, dilation}) {
    if (std::min(size.h, size.w) < 1 || std::max(size.h, size.w) > kMost) {
      call.node.FailHere("wants kernels, strides and dilations from 1 to {}", kMost);
    }
  }
}

OnnxValue Conv(OnnxCall& call) {
  const Shape& filter = FilterOf(call);
  Conv2d op{.kernel = {filter[2], filter[3]},
            .stride = PairOf(call, "strides"),
            .dilation = PairOf(call, "dilations"),
            .groups = call.node.Int("group", 1)};
  op.padding = OnnxPadding(call, call.ShapeOf(call.Value(0)), op.kernel, op.stride, op.dilation);
  return call.Add(op, Operands(call));
}

// Borders such that the result is `wanted` long; what is below 0 is more of the result.
Sides TransposedSides(const OnnxCall& call, const Dim& size, const Dim& wanted, int64_t stride,
                      int64_t reach, int64_t& extra) {
  const Dim whole = (size - 1) * stride + (extra + reach);
  // Both grow alike where the result is `stride` times as large.
  int64_t total = 0;
  if (whole.IsConstant() && wanted.IsConstant()) {
    total = whole.constant() - wanted.constant();
  } else if (wanted == size * stride) {
    total = extra + reach - stride;
  } else {
    call.node.FailHere("wants {} to become {}, which depends on the size", size.ToString(),
                       wanted.ToString());
  }
  if (total >= 0) return Halves(call, total);
  extra -= total;
  return {};
}

OnnxValue ConvTranspose(OnnxCall& call) {
  const Shape& filter = FilterOf(call);
  const std::vector<int64_t> extra = call.node.Ints("output_padding", {0, 0});
  if (extra.size() != 2) call.node.FailHere("wants output_padding along two axes");
  ConvTranspose2d op{.kernel = {filter[2], filter[3]},
                     .stride = PairOf(call, "strides"),
                     .dilation = PairOf(call, "dilations"),
                     .output_padding = {extra[0], extra[1]},
                     .groups = call.node.Int("group", 1)};
  RequireWindow(call, op.kernel, op.stride, op.dilation);
  const SymbolicShape shape = call.ShapeOf(call.Value(0));
  std::vector<int64_t> wanted = call.node.Ints("output_shape");
  if (wanted.size() == 4) wanted.erase(wanted.begin(), wanted.begin() + 2);
  const bool same = call.node.Text("auto_pad", "").starts_with("SAME_");
  if (wanted.empty() && !same) {
    op.padding = OnnxPadding(call, shape, op.kernel, op.stride, op.dilation);
    return call.Add(op, Operands(call));
  }
  if (shape.size() != 4 || (!wanted.empty() && wanted.size() != 2)) {
    call.node.FailHere("wants output_shape along two axes of a picture");
  }
  const auto along = [&](size_t i, int64_t stride, int64_t kernel, int64_t dilation,
                         int64_t& more) {
    const Dim size = wanted.empty() ? shape[2 + i] * stride : Dim(wanted[i]);
    return TransposedSides(call, shape[2 + i], size, stride, dilation * (kernel - 1) + 1, more);
  };
  const Sides h = along(0, op.stride.h, op.kernel.h, op.dilation.h, op.output_padding.h);
  const Sides w = along(1, op.stride.w, op.kernel.w, op.dilation.w, op.output_padding.w);
  op.padding = {h.before, w.before, h.after, w.after};
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

// Each group has a scale and a bias up to opset 20, each channel since.
OnnxValue GroupNormalization(OnnxCall& call) {
  const ValueId x = call.Value(0);
  const int64_t channels = call.Channels(x), groups = call.node.Int("num_groups", 1);
  if (groups < 1 || channels % groups != 0) {
    call.node.FailHere("wants a whole number of {} channels in each of {} groups", channels,
                       groups);
  }
  std::vector<ValueId> operands = {x};
  for (const size_t i : {size_t{1}, size_t{2}}) {
    const std::vector<float> given = call.KnownFloats(i);
    const int64_t each = call.opset < 21 ? channels / groups : 1;
    if (static_cast<int64_t>(given.size()) * each != channels) {
      call.node.FailHere("wants {} numbers as input {}, got {}", channels / each, i, given.size());
    }
    Tensor out(DType::kF32, {channels});
    for (size_t c = 0; c < out.floats().size(); ++c) {
      out.floats()[c] = given[c / static_cast<size_t>(each)];
    }
    operands.push_back(call.Parameter(i, out));
  }
  return call.Add(GroupNorm{.groups = groups, .epsilon = call.node.Float("epsilon", 1e-5f)},
                  operands);
}

// Over the axes from one on: each place in front of it is a group, as a channel of its own. Then a
// gain and a shift for each number.
OnnxValue LayerNormalization(OnnxCall& call) {
  const ValueId x = call.Value(0);
  const SymbolicShape shape = call.ShapeOf(x);
  const size_t axis = OnnxAxis(call, call.node.Int("axis", -1), shape.size());
  if (axis == 0) call.node.FailHere("wants an axis behind the first");
  GroupNorm op{.epsilon = call.node.Float("epsilon", 1e-5f)};
  ValueId out = x;
  if (axis == 1 && shape.size() == 4) {  // pictures of every size
    out = call.Add(op, {x});
  } else {
    const OnnxColumns columns = OnnxColumnsOf(call, shape, axis, shape.size());
    op.groups = columns.before;
    out = call.Add(Reshape{{columns.before, 1, columns.along}}, {x});
    out = call.Add(Reshape{columns.sizes}, {call.Add(op, {out})});
  }
  if (call.Has(1)) {
    out = call.Add(Binary{BinaryKind::kMultiply}, {out, call.ValueOfRank(1, shape.size())});
  }
  if (!call.Has(2)) return out;
  return call.Add(Binary{BinaryKind::kAdd}, {out, call.ValueOfRank(2, shape.size())});
}

Tensor Transposed(const Tensor& matrix) {
  const Tensor floats = matrix.ToFloat();
  const int64_t rows = floats.shape()[0], columns = floats.shape()[1];
  const ConstTensorView from(floats.floats().data(), DType::kF32, {columns, rows}, {1, columns});
  Tensor out(DType::kF32, {columns, rows});
  CopyElements(from, out.view());
  return out;
}

Tensor Times(const Tensor& numbers, float factor) {
  if (factor == 1) return numbers;
  Tensor out = numbers.ToFloat().Clone();
  for (float& x : out.floats()) x *= factor;
  return out;
}

// x [N, I] by a matrix that the file holds, and one number or one for each output.
OnnxValue Gemm(OnnxCall& call) {
  if (call.node.Int("transA", 0) != 0) call.node.FailHere("wants an input that is not transposed");
  const Tensor& matrix = call.Known(1);
  if (matrix.shape().rank() != 2) call.node.FailHere("wants a matrix as input 1");
  const bool rows = call.node.Int("transB", 0) != 0;
  const Tensor weight = Times(rows ? matrix : Transposed(matrix), call.node.Float("alpha", 1));
  std::vector<ValueId> operands = {call.Value(0), call.Parameter(1, weight)};
  if (call.Has(2)) {
    const Shape& given = call.Known(2).shape();
    const int64_t outputs = weight.shape()[0], count = given.elements();
    const bool row =
        given.rank() <= 2 && (count == 1 || (count == outputs && given[given.rank() - 1] == count));
    if (!row) {
      call.node.FailHere("wants one number, or one for each of {} outputs, got {}", outputs,
                         given.ToString());
    }
    const Tensor from = Times(call.Known(2), call.node.Float("beta", 1)).ToFloat();
    Tensor bias(DType::kF32, {outputs});
    for (size_t i = 0; i < bias.floats().size(); ++i) {
      bias.floats()[i] = from.floats()[count == 1 ? 0 : i];
    }
    operands.push_back(call.Parameter(2, bias));
  }
  return call.Add(Linear{}, operands);
}

// Channels last and a matrix: a convolution of single pixels, at every size of picture.
OnnxValue PixelsByMatrix(OnnxCall& call, const OnnxTurned& pixels, const Tensor& matrix) {
  const Shape& shape = matrix.shape();
  const Tensor filter = Transposed(matrix).Reshaped({shape[1], shape[0], 1, 1});
  const ValueId out = call.Add(Conv2d{}, {pixels.value, call.Parameter(1, filter)});
  return OnnxTurned{out, pixels.turn};
}

OnnxValue MatMulOf(OnnxCall& call) {
  const bool by_matrix = call.IsKnown(1) && call.Known(1).shape().rank() == 2;
  const OnnxTurned* turned = call.Turned(0);
  if (by_matrix && turned != nullptr && turned->turn == ChannelsLast()) {
    return PixelsByMatrix(call, *turned, call.Known(1));
  }
  const size_t rank = call.ShapeOf(call.Value(call.IsKnown(0) ? 1 : 0)).size();
  if (rank < 3) {
    const Tensor& matrix = call.Known(1);
    if (!by_matrix) call.node.FailHere("wants a matrix as input 1");
    return call.Add(Linear{}, {call.Value(0), call.Parameter(1, Transposed(matrix))});
  }
  for (const size_t i : {size_t{0}, size_t{1}}) {
    if (call.IsKnown(i) && call.Known(i).shape().rank() < 2) {
      call.node.FailHere("wants a matrix as input {}", i);
    }
  }
  return call.Add(MatMul{}, {call.ValueOfRank(0, rank), call.ValueOfRank(1, rank)});
}

constexpr std::array kOperators = {
    OnnxOperator{"Conv", Conv},
    OnnxOperator{"ConvTranspose", ConvTranspose},
    OnnxOperator{"BatchNormalization", BatchNormalization},
    OnnxOperator{"InstanceNormalization", InstanceNormalization},
    OnnxOperator{"GroupNormalization", GroupNormalization},
    OnnxOperator{"LayerNormalization", LayerNormalization},
    OnnxOperator{"PRelu", PRelu},
    OnnxOperator{"Gemm", Gemm},
    OnnxOperator{"MatMul", MatMulOf},
    OnnxOperator{"Einsum", OnnxEinsum},
};

// The border that makes the result ceil(size / stride) long.
Sides SameSides(const OnnxCall& call, const Dim& size, int64_t kernel, int64_t stride,
                int64_t dilation) {
  const int64_t reach = dilation * (kernel - 1) + 1;
  if (!size.IsConstant() && !size.IsDivisibleBy(stride)) {
    call.node.FailHere("pads by what {} leaves when it is divided by {}", size.ToString(), stride);
  }
  const int64_t left = size.IsConstant() ? (size.constant() - 1) % stride + 1 : stride;
  return Halves(call, std::max<int64_t>(reach - left, 0));
}

}  // namespace

Padding2d OnnxPadding(const OnnxCall& call, const SymbolicShape& shape, const Size2d& kernel,
                      const Size2d& stride, const Size2d& dilation) {
  const std::string automatic = call.node.Text("auto_pad", "NOTSET");
  const std::vector<int64_t> pads = call.node.Ints("pads", {0, 0, 0, 0});
  if (pads.size() != 4) call.node.FailHere("wants pads on four sides");
  if (automatic == "NOTSET" || automatic.empty()) return {pads[0], pads[1], pads[2], pads[3]};
  if (automatic == "VALID") return {};
  if (automatic != "SAME_UPPER" && automatic != "SAME_LOWER") {
    call.node.FailHere("pads by \"{}\", which gan does not know", Printable(automatic));
  }
  RequireWindow(call, kernel, stride, dilation);
  if (shape.size() != 4) call.node.FailHere("wants a picture, got {}", ToString(shape));
  const Sides h = SameSides(call, shape[2], kernel.h, stride.h, dilation.h);
  const Sides w = SameSides(call, shape[3], kernel.w, stride.w, dilation.w);
  return {h.before, w.before, h.after, w.after};
}

std::span<const OnnxOperator> OnnxWeightOperators() { return kOperators; }

}  // namespace gan::core
