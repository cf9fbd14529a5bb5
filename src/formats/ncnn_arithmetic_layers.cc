// Layers that compute without weights.
#include <array>
#include <cfloat>

#include "formats/ncnn_layers.h"

namespace gan::core {
namespace {

NcnnBlob With(NcnnCall& call, ActivationKind kind, float alpha = 0, float beta = 0) {
  call.RequireInputs(1, 1);
  return {call.Activate(call.inputs[0].value, kind, alpha, beta), call.inputs[0].vector};
}

NcnnBlob Relu(NcnnCall& call) {
  const float slope = call.layer.Float(0, 0);
  return slope == 0 ? With(call, ActivationKind::kRelu)
                    : With(call, ActivationKind::kLeakyRelu, slope);
}

NcnnBlob Sigmoid(NcnnCall& call) { return With(call, ActivationKind::kSigmoid); }
NcnnBlob TanH(NcnnCall& call) { return With(call, ActivationKind::kTanh); }
NcnnBlob Swish(NcnnCall& call) { return With(call, ActivationKind::kSilu); }

NcnnBlob Clip(NcnnCall& call) {
  return With(call, ActivationKind::kClip, call.layer.Float(0, -FLT_MAX),
              call.layer.Float(1, FLT_MAX));
}

NcnnBlob Elu(NcnnCall& call) { return With(call, ActivationKind::kElu, call.layer.Float(0, 0.1f)); }

NcnnBlob HardSigmoid(NcnnCall& call) {
  return With(call, ActivationKind::kHardSigmoid, call.layer.Float(0, 0.2f),
              call.layer.Float(1, 0.5f));
}

NcnnBlob HardSwish(NcnnCall& call) {
  return With(call, ActivationKind::kHardSwish, call.layer.Float(0, 0.2f),
              call.layer.Float(1, 0.5f));
}

ValueId Multiply(NcnnCall& call, ValueId a, ValueId b) {
  return call.Add(Binary{BinaryKind::kMultiply}, {a, b});
}

NcnnBlob Gelu(NcnnCall& call) {
  if (call.layer.Int(0, 0) == 0) return With(call, ActivationKind::kGelu);
  // x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2
  call.RequireInputs(1, 1);
  constexpr float kRoot = 0.79788452f;
  const ValueId x = call.inputs[0].value;
  const ValueId inner = call.Add(Affine{0.044715f * kRoot, kRoot}, {Multiply(call, x, x)});
  const ValueId gate = call.Activate(Multiply(call, x, inner), ActivationKind::kTanh);
  return {Multiply(call, x, call.Add(Affine{0.5f, 0.5f}, {gate})), call.inputs[0].vector};
}

// ncnn's numbers of operations on two operands.
enum BinaryOpType { kAdd, kSub, kMul, kDiv, kMax, kMin, kPow, kRsub, kRdiv };

// One number as an operand.
ValueId Constant(NcnnCall& call, float number) {
  return call.Parameter("scalar", Tensor::FromFloats({1, 1, 1, 1}, std::array{number}));
}

ValueId WithScalar(NcnnCall& call, int64_t type, float b) {
  const ValueId x = call.inputs[0].value;
  switch (type) {
    case kAdd: return call.Add(Affine{1, b}, {x});
    case kSub: return call.Add(Affine{1, -b}, {x});
    case kMul: return call.Add(Affine{b, 0}, {x});
    case kRsub: return call.Add(Affine{-1, b}, {x});
    case kMax: return call.Activate(x, ActivationKind::kClip, b, FLT_MAX);
    case kMin: return call.Activate(x, ActivationKind::kClip, -FLT_MAX, b);
    case kDiv:
      if (b == 0) call.layer.FailHere("divides by 0");
      return call.Add(Binary{BinaryKind::kDivide}, {x, Constant(call, b)});
    case kRdiv: return call.Add(Binary{BinaryKind::kDivide}, {Constant(call, b), x});
    case kPow:
      if (b == 2) return Multiply(call, x, x);
      break;
    default: break;
  }
  call.layer.FailHere("computes operation {} with {}, which gan cannot run", type, b);
}

ValueId WithTensor(NcnnCall& call, int64_t type, ValueId a, ValueId b) {
  switch (type) {
    case kAdd: return call.Add(Binary{BinaryKind::kAdd}, {a, b});
    case kSub: return call.Add(Binary{BinaryKind::kSubtract}, {a, b});
    case kMul: return call.Add(Binary{BinaryKind::kMultiply}, {a, b});
    case kDiv: return call.Add(Binary{BinaryKind::kDivide}, {a, b});
    case kMax: return call.Add(Binary{BinaryKind::kMaximum}, {a, b});
    case kMin: return call.Add(Binary{BinaryKind::kMinimum}, {a, b});
    case kRsub: return call.Add(Binary{BinaryKind::kSubtract}, {b, a});
    case kRdiv: return call.Add(Binary{BinaryKind::kDivide}, {b, a});
    default: call.layer.FailHere("computes operation {}, which gan cannot run", type);
  }
}

NcnnBlob BinaryOp(NcnnCall& call) {
  const int64_t type = call.layer.Int(0, 0);
  if (call.layer.Int(1, 0) != 0) {
    call.RequireInputs(1, 1);
    return {WithScalar(call, type, call.layer.Float(2, 0)), call.inputs[0].vector};
  }
  call.RequireInputs(2, 2);
  return {WithTensor(call, type, call.inputs[0].value, call.inputs[1].value),
          call.inputs[0].vector && call.inputs[1].vector};
}

NcnnBlob UnaryOp(NcnnCall& call) {
  call.RequireInputs(1, 1);
  const ValueId x = call.inputs[0].value;
  const bool vector = call.inputs[0].vector;
  switch (const int64_t type = call.layer.Int(0, 0)) {
    // |x| is x where it is positive, and -1 times x elsewhere.
    case 0: return With(call, ActivationKind::kLeakyRelu, -1);
    case 1: return {call.Add(Affine{.scale = -1}, {x}), vector};
    case 4: return {Multiply(call, x, x), vector};
    case 15: return {call.Add(Binary{BinaryKind::kDivide}, {Constant(call, 1), x}), vector};
    case 16: return With(call, ActivationKind::kTanh);
    default: call.layer.FailHere("computes operation {}, which gan cannot run", type);
  }
}

NcnnBlob Eltwise(NcnnCall& call) {
  call.RequireInputs(2, call.inputs.size());
  constexpr std::array kKinds = {BinaryKind::kMultiply, BinaryKind::kAdd, BinaryKind::kMaximum};
  const BinaryKind kind = kKinds[static_cast<size_t>(call.layer.Int(0, 0, 0, 2))];
  const std::vector<float> factors = call.layer.Floats(1);
  const bool weighted = kind == BinaryKind::kAdd && !factors.empty();
  if (weighted && factors.size() != call.inputs.size()) {
    call.layer.FailHere("has {} coefficients for {} inputs", factors.size(), call.inputs.size());
  }
  const auto operand = [&](size_t i) {
    const ValueId x = call.inputs[i].value;
    return weighted && factors[i] != 1 ? call.Add(Affine{.scale = factors[i]}, {x}) : x;
  };
  ValueId out = operand(0);
  for (size_t i = 1; i < call.inputs.size(); ++i) out = call.Add(Binary{kind}, {out, operand(i)});
  return {out, call.inputs[0].vector};
}

// Windows that reach past the end of the picture ("full" padding) are those that fit when the size
// is known to divide.
void RequireWholeWindows(const NcnnCall& call, const Pool2d& op) {
  const SymbolicShape& shape = call.ShapeOf(call.inputs[0].value);
  const Dim rows = shape[2] + (op.padding.top + op.padding.bottom - op.kernel.h);
  const Dim columns = shape[3] + (op.padding.left + op.padding.right - op.kernel.w);
  if (rows.IsDivisibleBy(op.stride.h) && columns.IsDivisibleBy(op.stride.w)) return;
  call.layer.FailHere("rounds the size of {} up, which gan cannot do", ToString(shape));
}

NcnnBlob Pooling(NcnnCall& call) {
  call.RequireInputs(1, 1);
  const NcnnLayer& layer = call.layer;
  const PoolKind kind = layer.Int(0, 0, 0, 1) == 0 ? PoolKind::kMax : PoolKind::kAverage;
  const ValueId x = call.inputs[0].value;
  if (call.inputs[0].vector) layer.FailHere("wants a picture, its input is a vector");
  if (layer.Int(4, 0) != 0) return {call.Add(GlobalPool{kind}, {x}), true};
  if (layer.Int(7, 0) != 0) {
    const Size2d size = layer.Size(8, 18, 0, -233);
    if (size != Size2d{1, 1}) layer.FailHere("pools to a fixed {} x {}", size.h, size.w);
    return {call.Add(GlobalPool{kind}, {x}), false};
  }
  const int64_t rounding = layer.Int(5, 0);
  if (rounding != 0 && rounding != 1) {
    layer.FailHere("pads as TensorFlow does (option 5 is {})", rounding);
  }
  const Pool2d op{.kind = kind,
                  .kernel = layer.Size(1, 11, 0),
                  .stride = layer.Size(2, 12, 1),
                  .padding = layer.Padding(3, 14, 13, 15),
                  .count_padding = layer.Int(6, 0) != 0};
  if (rounding == 0) RequireWholeWindows(call, op);
  return {call.Add(op, {x}), false};
}

// Only the mean over height and width, which squeeze-and-excitation blocks take.
NcnnBlob Reduction(NcnnCall& call) {
  call.RequireInputs(1, 1);
  const NcnnLayer& layer = call.layer;
  std::vector<int64_t> axes;
  for (const int64_t axis : layer.Ints(3)) axes.push_back(axis < 0 ? axis + 3 : axis);
  const bool over_pixels = axes == std::vector<int64_t>{1, 2} || axes == std::vector<int64_t>{2, 1};
  if (layer.Int(0, 0) != 3 || layer.Int(1, 1) != 0 || layer.Int(5, 0) != 1 || !over_pixels ||
      layer.Float(2, 1) != 1 || call.inputs[0].vector) {
    layer.FailHere("reduces otherwise than by the mean over height and width");
  }
  return {call.Add(GlobalPool{PoolKind::kAverage}, {call.inputs[0].value}), layer.Int(4, 0) == 0};
}

constexpr std::array kLayers = {
    NcnnLayerType{"ReLU", Relu},
    NcnnLayerType{"Sigmoid", Sigmoid},
    NcnnLayerType{"TanH", TanH},
    NcnnLayerType{"Swish", Swish},
    NcnnLayerType{"Clip", Clip},
    NcnnLayerType{"ELU", Elu},
    NcnnLayerType{"HardSigmoid", HardSigmoid},
    NcnnLayerType{"HardSwish", HardSwish},
    NcnnLayerType{"GELU", Gelu},
    NcnnLayerType{"BinaryOp", BinaryOp},
    NcnnLayerType{"UnaryOp", UnaryOp},
    NcnnLayerType{"Eltwise", Eltwise},
    NcnnLayerType{"Pooling", Pooling},
    NcnnLayerType{"Reduction", Reduction},
};

}  // namespace

std::span<const NcnnLayerType> NcnnArithmeticLayers() { return kLayers; }

}  // namespace gan::core
