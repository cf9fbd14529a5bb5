// Operators that compute without weights of their own.
#include <array>
#include <cfloat>
#include <utility>

#include "formats/onnx_ops.h"

namespace gan::core {
namespace {

template <ActivationKind kind>
OnnxValue Plain(OnnxCall& call) {
  return call.Activate(call.Value(0), kind);
}

OnnxValue LeakyRelu(OnnxCall& call) {
  return call.Activate(call.Value(0), ActivationKind::kLeakyRelu, call.node.Float("alpha", 0.01f));
}

OnnxValue Elu(OnnxCall& call) {
  return call.Activate(call.Value(0), ActivationKind::kElu, call.node.Float("alpha", 1));
}

OnnxValue HardSigmoid(OnnxCall& call) {
  return call.Activate(call.Value(0), ActivationKind::kHardSigmoid, call.node.Float("alpha", 0.2f),
                       call.node.Float("beta", 0.5f));
}

OnnxValue HardSwish(OnnxCall& call) {
  return call.Activate(call.Value(0), ActivationKind::kHardSwish, 1.0f / 6, 0.5f);
}

// Bounds are attributes up to opset 10, inputs from then on.
OnnxValue Clip(OnnxCall& call) {
  const auto bound = [&](size_t input, std::string_view attribute, float absent) {
    if (!call.Has(input)) return call.node.Float(attribute, absent);
    const std::vector<float> given = call.KnownFloats(input);
    if (given.size() != 1) call.node.FailHere("wants one number as {}", attribute);
    return given[0];
  };
  const float low = bound(1, "min", -FLT_MAX), high = bound(2, "max", FLT_MAX);
  return call.Activate(call.Value(0), ActivationKind::kClip, low, high);
}

// x * scale + shift with one number that the file holds; nothing when there is none.
std::optional<ValueId> WithNumber(OnnxCall& call, BinaryKind kind) {
  for (const size_t known : {size_t{1}, size_t{0}}) {
    if (!call.IsKnown(known) || call.Known(known).shape().elements() != 1) continue;
    if (call.IsKnown(1 - known) || !IsFloating(call.Known(known).dtype())) continue;
    const float number = call.KnownFloats(known)[0];
    const ValueId x = call.Value(1 - known);
    if (kind == BinaryKind::kAdd) return call.Add(Affine{1, number}, {x});
    if (kind == BinaryKind::kMultiply) return call.Add(Affine{number, 0}, {x});
    if (kind == BinaryKind::kSubtract) {
      return call.Add(known == 1 ? Affine{1, -number} : Affine{-1, number}, {x});
    }
  }
  return std::nullopt;
}

template <BinaryKind kind>
OnnxValue Two(OnnxCall& call) {
  if (call.size() != 2) call.node.FailHere("wants two inputs, got {}", call.size());
  if (const auto short_form = WithNumber(call, kind)) return *short_form;
  const size_t first = call.IsKnown(0) ? 1 : 0;
  const size_t rank = call.ShapeOf(call.Value(first)).size();
  const ValueId a = call.ValueOfRank(0, rank), b = call.ValueOfRank(1, rank);
  return call.Add(Binary{kind}, {a, b});
}

OnnxValue AddAll(OnnxCall& call) {
  if (call.size() == 0) call.node.FailHere("wants inputs");
  ValueId sum = call.Value(0);
  for (size_t i = 1; i < call.size(); ++i) {
    sum = call.Add(Binary{BinaryKind::kAdd}, {sum, call.Value(i)});
  }
  return sum;
}

OnnxValue Neg(OnnxCall& call) { return call.Add(Affine{-1, 0}, {call.Value(0)}); }

OnnxValue GlobalAveragePool(OnnxCall& call) {
  return call.Add(GlobalPool{PoolKind::kAverage}, {call.Value(0)});
}

OnnxValue GlobalMaxPool(OnnxCall& call) {
  return call.Add(GlobalPool{PoolKind::kMax}, {call.Value(0)});
}

// Over both axes of a picture alone, which is a pooling.
OnnxValue ReduceMean(OnnxCall& call) {
  const std::vector<int64_t> axes = call.Has(1) ? call.KnownInts(1) : call.node.Ints("axes");
  const bool picture = axes == std::vector<int64_t>{2, 3} || axes == std::vector<int64_t>{-2, -1};
  if (!picture || call.node.Int("keepdims", 1) != 1) {
    call.node.FailHere("wants to be over both axes of a picture, which are kept");
  }
  return GlobalAveragePool(call);
}

template <PoolKind kind>
OnnxValue Pool(OnnxCall& call) {
  const auto pair = [&](std::string_view attribute, std::vector<int64_t> absent) {
    const std::vector<int64_t> values = call.node.Ints(attribute, std::move(absent));
    if (values.size() != 2) call.node.FailHere("wants {} along two axes", attribute);
    return Size2d{values[0], values[1]};
  };
  const std::vector<int64_t> pads = call.node.Ints("pads", {0, 0, 0, 0});
  if (pads.size() != 4 || call.node.Int("ceil_mode", 0) != 0 ||
      pair("dilations", {1, 1}) != Size2d{1, 1}) {
    call.node.FailHere("wants pads on four sides, sizes rounded down and no dilation");
  }
  const Pool2d op{.kind = kind,
                  .kernel = pair("kernel_shape", {}),
                  .stride = pair("strides", {1, 1}),
                  .padding = {pads[0], pads[1], pads[2], pads[3]},
                  .count_padding = call.node.Int("count_include_pad", 0) != 0};
  return call.Add(op, {call.Value(0)});
}

constexpr std::array kOperators = {
    OnnxOperator{"Relu", Plain<ActivationKind::kRelu>},
    OnnxOperator{"Sigmoid", Plain<ActivationKind::kSigmoid>},
    OnnxOperator{"Tanh", Plain<ActivationKind::kTanh>},
    OnnxOperator{"Softplus", Plain<ActivationKind::kSoftplus>},
    OnnxOperator{"LeakyRelu", LeakyRelu},
    OnnxOperator{"Elu", Elu},
    OnnxOperator{"HardSigmoid", HardSigmoid},
    OnnxOperator{"HardSwish", HardSwish},
    OnnxOperator{"Clip", Clip},
    OnnxOperator{"Add", Two<BinaryKind::kAdd>},
    OnnxOperator{"Sub", Two<BinaryKind::kSubtract>},
    OnnxOperator{"Mul", Two<BinaryKind::kMultiply>},
    OnnxOperator{"Div", Two<BinaryKind::kDivide>},
    OnnxOperator{"Max", Two<BinaryKind::kMaximum>},
    OnnxOperator{"Min", Two<BinaryKind::kMinimum>},
    OnnxOperator{"Sum", AddAll},
    OnnxOperator{"Neg", Neg},
    OnnxOperator{"GlobalAveragePool", GlobalAveragePool},
    OnnxOperator{"GlobalMaxPool", GlobalMaxPool},
    OnnxOperator{"ReduceMean", ReduceMean},
    OnnxOperator{"AveragePool", Pool<PoolKind::kAverage>},
    OnnxOperator{"MaxPool", Pool<PoolKind::kMax>},
};

}  // namespace

std::span<const OnnxOperator> OnnxArithmeticOperators() { return kOperators; }

}  // namespace gan::core
