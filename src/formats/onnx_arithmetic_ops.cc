// Operators that compute without weights of their own.
#include <algorithm>
#include <array>
#include <cfloat>

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

OnnxValue Gelu(OnnxCall& call) {
  const std::string approximate = call.node.Text("approximate", "none");
  if (approximate != "none") {
    call.node.FailHere("approximates by \"{}\", which gan does not know", Printable(approximate));
  }
  return call.Activate(call.Value(0), ActivationKind::kGelu);
}

OnnxValue Selu(OnnxCall& call) {
  const float alpha = call.node.Float("alpha", 1.67326319217681884765625f);
  const ValueId elu = call.Activate(call.Value(0), ActivationKind::kElu, alpha);
  return call.Add(Affine{call.node.Float("gamma", 1.05070102214813232421875f), 0}, {elu});
}

OnnxValue Celu(OnnxCall& call) {
  const float alpha = call.node.Float("alpha", 1);
  if (!(alpha > 0)) call.node.FailHere("wants alpha above 0, got {}", alpha);
  const ValueId x = call.Add(Affine{1 / alpha, 0}, {call.Value(0)});
  return call.Add(Affine{alpha, 0}, {call.Activate(x, ActivationKind::kElu, 1)});
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
    const ValueId x = call.Value(1 - known);
    // A number with more axes than the value gives it more axes.
    if (call.Known(known).shape().rank() > call.ShapeOf(x).size()) continue;
    const float number = call.KnownFloats(known)[0];
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

// The op of the first two, of that and the third...
template <BinaryKind kind>
OnnxValue InTurn(OnnxCall& call) {
  if (call.size() == 0) call.node.FailHere("wants inputs");
  size_t rank = 0;
  for (size_t i = 0; i < call.size(); ++i) {
    if (!call.IsKnown(i)) rank = std::max(rank, call.ShapeOf(call.Value(i)).size());
  }
  ValueId all = call.ValueOfRank(0, rank);
  for (size_t i = 1; i < call.size(); ++i) {
    all = call.Add(Binary{kind}, {all, call.ValueOfRank(i, rank)});
  }
  return all;
}

ValueId AbsOf(OnnxCall& call, ValueId x) {
  return call.Add(Binary{BinaryKind::kMaximum}, {x, call.Add(Affine{-1, 0}, {x})});
}

OnnxValue Abs(OnnxCall& call) { return AbsOf(call, call.Value(0)); }

OnnxValue Softsign(OnnxCall& call) {
  const ValueId x = call.Value(0);
  return call.Add(Binary{BinaryKind::kDivide}, {x, call.Add(Affine{1, 1}, {AbsOf(call, x)})});
}

OnnxValue Mish(OnnxCall& call) {
  const ValueId x = call.Value(0);
  const ValueId gate =
      call.Activate(call.Activate(x, ActivationKind::kSoftplus), ActivationKind::kTanh);
  return call.Add(Binary{BinaryKind::kMultiply}, {x, gate});
}

// To the power of 1, 2, 3 or 4.
OnnxValue Pow(OnnxCall& call) {
  const std::vector<float> power = call.KnownFloats(1);
  const bool known = power.size() == 1 && power[0] >= 1 && power[0] <= 4;
  if (!known || power[0] != static_cast<float>(static_cast<int>(power[0]))) {
    call.node.FailHere("wants a power of 1, 2, 3 or 4");
  }
  const ValueId x = call.Value(0);
  ValueId out = x;
  for (int i = 1; i < static_cast<int>(power[0]); ++i) {
    out = call.Add(Binary{BinaryKind::kMultiply}, {out, x});
  }
  return out;
}

OnnxValue Reciprocal(OnnxCall& call) {
  const ValueId x = call.Value(0);
  const std::vector<int64_t> ones(call.ShapeOf(x).size(), 1);
  Tensor one(DType::kF32, Shape(std::span<const int64_t>(ones)));
  one.floats()[0] = 1;
  return call.Add(Binary{BinaryKind::kDivide}, {call.Constant(one), x});
}

OnnxValue Neg(OnnxCall& call) { return call.Add(Affine{-1, 0}, {call.Value(0)}); }

OnnxValue MeanOfAll(OnnxCall& call) {
  const float share = 1 / static_cast<float>(std::max<size_t>(call.size(), 1));
  return call.Add(Affine{share, 0}, {std::get<ValueId>(InTurn<BinaryKind::kAdd>(call))});
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
    OnnxOperator{"Gelu", Gelu},
    OnnxOperator{"Selu", Selu},
    OnnxOperator{"Celu", Celu},
    OnnxOperator{"Softsign", Softsign},
    OnnxOperator{"Mish", Mish},
    OnnxOperator{"Clip", Clip},
    OnnxOperator{"Add", Two<BinaryKind::kAdd>},
    OnnxOperator{"Sub", Two<BinaryKind::kSubtract>},
    OnnxOperator{"Mul", Two<BinaryKind::kMultiply>},
    OnnxOperator{"Div", Two<BinaryKind::kDivide>},
    OnnxOperator{"Max", InTurn<BinaryKind::kMaximum>},
    OnnxOperator{"Min", InTurn<BinaryKind::kMinimum>},
    OnnxOperator{"Sum", InTurn<BinaryKind::kAdd>},
    OnnxOperator{"Mean", MeanOfAll},
    OnnxOperator{"Neg", Neg},
    OnnxOperator{"Abs", Abs},
    OnnxOperator{"Pow", Pow},
    OnnxOperator{"Reciprocal", Reciprocal},
};

}  // namespace

std::span<const OnnxOperator> OnnxArithmeticOperators() { return kOperators; }

}  // namespace gan::core
