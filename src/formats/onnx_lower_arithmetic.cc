// Ops that compute element by element, and means.
#include <cmath>

#include "formats/onnx_lowering.h"

namespace gan::core {
namespace {

constexpr std::string_view OperatorOf(BinaryKind kind) {
  switch (kind) {
    case BinaryKind::kAdd: return "Add";
    case BinaryKind::kSubtract: return "Sub";
    case BinaryKind::kMultiply: return "Mul";
    case BinaryKind::kDivide: return "Div";
    case BinaryKind::kMaximum: return "Max";
    case BinaryKind::kMinimum: return "Min";
  }
  return "";
}

void LowerHardSwish(const Activation& op, OnnxLowering& to) {
  // HardSwish has these numbers and no attributes.
  if (op.alpha == 1.0f / 6 && op.beta == 0.5f) return to.Finish("HardSwish", {to.In(0)});
  const std::string gate = to.Make("HardSigmoid", {to.In(0)},
                                   {OnnxNumber("alpha", op.alpha), OnnxNumber("beta", op.beta)});
  to.Finish("Mul", {to.In(0), gate});
}

}  // namespace

void LowerToOnnx(const Activation& op, OnnxLowering& to) {
  const std::string x = to.In(0);
  const ProtoWriter alpha = OnnxNumber("alpha", op.alpha);
  switch (op.kind) {
    case ActivationKind::kRelu: return to.Finish("Relu", {x});
    case ActivationKind::kLeakyRelu: return to.Finish("LeakyRelu", {x}, {alpha});
    case ActivationKind::kSigmoid: return to.Finish("Sigmoid", {x});
    case ActivationKind::kTanh: return to.Finish("Tanh", {x});
    case ActivationKind::kSilu: return to.Finish("Mul", {x, to.Make("Sigmoid", {x})});
    case ActivationKind::kGelu: {
      const std::string erf = to.Make("Erf", {to.Make("Mul", {x, to.Number(std::sqrt(0.5f))})});
      const std::string twice = to.Make("Mul", {x, to.Make("Add", {erf, to.Number(1)})});
      return to.Finish("Mul", {twice, to.Number(0.5f)});
    }
    case ActivationKind::kElu: return to.Finish("Elu", {x}, {alpha});
    case ActivationKind::kSoftplus: return to.Finish("Softplus", {x});
    case ActivationKind::kClip:
      return to.Finish("Clip", {x, to.Number(op.alpha), to.Number(op.beta)});
    case ActivationKind::kHardSigmoid:
      return to.Finish("HardSigmoid", {x}, {alpha, OnnxNumber("beta", op.beta)});
    case ActivationKind::kHardSwish: return LowerHardSwish(op, to);
  }
  GAN_ASSERT(false);
}

void LowerToOnnx(const Affine& op, OnnxLowering& to) {
  if (op.shift == 0) return to.Finish("Mul", {to.In(0), to.Number(op.scale)});
  const std::string x = op.scale == 1 ? to.In(0) : to.Make("Mul", {to.In(0), to.Number(op.scale)});
  to.Finish("Add", {x, to.Number(op.shift)});
}

void LowerToOnnx(const Binary& op, OnnxLowering& to) { to.Finish(OperatorOf(op.kind), to.Ins()); }

void LowerToOnnx(const MatMul&, OnnxLowering& to) { to.Finish("MatMul", to.Ins()); }

void LowerToOnnx(const Dropout&, OnnxLowering& to) { to.Finish("Identity", {to.In(0)}); }

void LowerToOnnx(const GlobalPool& op, OnnxLowering& to) {
  to.Finish(op.kind == PoolKind::kMax ? "GlobalMaxPool" : "GlobalAveragePool", {to.In(0)});
}

void LowerToOnnx(const Pool2d& op, OnnxLowering& to) {
  const Padding2d& p = op.padding;
  std::vector<ProtoWriter> attributes = {OnnxIntegers("kernel_shape", {op.kernel.h, op.kernel.w}),
                                         OnnxIntegers("strides", {op.stride.h, op.stride.w}),
                                         OnnxIntegers("pads", {p.top, p.left, p.bottom, p.right})};
  if (op.kind == PoolKind::kMax) return to.Finish("MaxPool", {to.In(0)}, attributes);
  attributes.push_back(OnnxInteger("count_include_pad", op.count_padding ? 1 : 0));
  to.Finish("AveragePool", {to.In(0)}, attributes);
}

void LowerToOnnx(const PixelNorm& op, OnnxLowering& to) {
  const std::string x = to.In(0);
  const std::string mean =
      to.Make("ReduceMean", {to.Make("Mul", {x, x})}, {OnnxIntegers("axes", {1})});
  const std::string root = to.Make("Sqrt", {to.Make("Add", {mean, to.Number(op.epsilon)})});
  to.Finish("Div", {x, root});
}

void LowerToOnnx(const Attention& op, OnnxLowering& to) {
  const SymbolicShape& out = to.OutputShape();
  if (!out[2].IsConstant() || !out[3].IsConstant()) {
    to.FailHere("pictures of every size, {}; a known size is wanted", ToString(out));
  }
  // Each [N, C, positions].
  const auto flat = [&](size_t i) {
    return to.Make("Reshape", {to.In(i), to.Integers({0, to.ShapeOf(i)[1].constant(), -1})});
  };
  const auto turned = [&](const std::string& x) {
    return to.Make("Transpose", {x}, {OnnxIntegers("perm", {0, 2, 1})});
  };
  std::string scores = to.Make("MatMul", {turned(flat(0)), flat(1)});
  if (op.scale != 1) scores = to.Make("Mul", {scores, to.Number(op.scale)});
  const std::string shares = to.Make("Softmax", {scores}, {OnnxInteger("axis", -1)});
  const std::string seen = to.Make("MatMul", {flat(2), turned(shares)});
  to.Finish("Reshape",
            {seen, to.Integers({0, out[1].constant(), out[2].constant(), out[3].constant()})});
}

}  // namespace gan::core
