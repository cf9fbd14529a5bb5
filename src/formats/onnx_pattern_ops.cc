// What stands for a group of nodes (onnx_patterns.h).
#include <algorithm>
#include <array>
#include <cmath>

#include "formats/onnx_ops.h"

namespace gan::core {
namespace {

OnnxValue PixelNormOf(OnnxCall& call) {
  return call.Add(PixelNorm{.epsilon = call.node.Float("epsilon", 0)}, {call.Value(0)});
}

// Over the last axis of x alone, as an operator of ONNX has it.
OnnxValue LayerNormOf(OnnxCall& call) {
  const size_t rank = call.ShapeOf(call.Value(0)).size();
  if (OnnxAxis(call, call.node.Int("axis", -1), rank) + 1 != rank) {
    call.node.FailHere("normalises along an axis that is not the last");
  }
  return FindOnnxHandler("LayerNormalization")(call);
}

// Inputs: style [N, I], sums of squared weights [O, I].
OnnxValue DemodulateOf(OnnxCall& call) {
  const Tensor& squares = call.Known(1);
  const Shape& shape = squares.shape();
  if (shape.rank() != 2) call.node.FailHere("wants a matrix of squares, got {}", shape.ToString());
  Tensor weight = squares.ToFloat().Clone().Reshaped({shape[0], shape[1], 1, 1});
  for (float& square : weight.floats()) {
    if (square < 0) call.node.FailHere("wants squares, got {}", square);
    square = std::sqrt(square);
  }
  return call.Add(Demodulate{.epsilon = call.node.Float("epsilon", 0)},
                  {call.Value(0), call.Parameter(1, weight)});
}

// Inputs: x [N, C, H, W], scale [groups], bias [groups], and x's sizes where the file knows them.
OnnxValue GroupNormOf(OnnxCall& call) {
  const ValueId x = call.Value(0);
  const GroupNorm op{.groups = call.node.Int("groups", 1),
                     .epsilon = call.node.Float("epsilon", 1e-5f)};
  const std::vector<float> scale = call.KnownFloats(1), bias = call.KnownFloats(2);
  const int64_t channels = call.Channels(x);
  const auto groups = static_cast<size_t>(op.groups);
  if (call.Has(3)) {
    const std::vector<Dim> sizes = call.Sizes(3);
    const SymbolicShape& shape = call.ShapeOf(x);
    bool same = sizes.size() == shape.size() && shape.size() == 4;
    for (size_t axis = 1; same && axis < 4; ++axis) {
      same = sizes[axis] == shape[axis] || sizes[axis] == Dim(-1);
    }
    if (!same) call.node.FailHere("wants {} as it was, got {}", ToString(shape), ToString(sizes));
  }
  if (op.groups < 1 || scale.size() != groups || bias.size() != groups ||
      channels % op.groups != 0) {
    call.node.FailHere("wants one scale and bias for each of {} groups of {} channels", op.groups,
                       channels);
  }
  const auto all = [](const std::vector<float>& numbers, float value) {
    return std::ranges::all_of(numbers, [&](float number) { return number == value; });
  };
  if (all(scale, 1) && all(bias, 0)) return call.Add(op, {x});
  const auto each = [&](const std::vector<float>& numbers) {
    Tensor out(DType::kF32, {channels});
    for (size_t i = 0; i < out.floats().size(); ++i) {
      out.floats()[i] = numbers[i * groups / out.floats().size()];
    }
    return out;
  };
  return call.Add(op, {x, call.Parameter(1, each(scale)), call.Parameter(2, each(bias))});
}

// Inputs: queries, keys and values, each [N, channels, positions].
OnnxValue AttentionOf(OnnxCall& call) {
  std::vector<ValueId> pictures;
  for (size_t i = 0; i < 3; ++i) {
    const ValueId x = call.Value(i);
    const SymbolicShape& shape = call.ShapeOf(x);
    if (shape.size() != 3 || !shape[1].IsConstant() || !shape[2].IsConstant()) {
      call.node.FailHere("wants channels by positions, got {}", ToString(shape));
    }
    pictures.push_back(call.Add(Reshape{{shape[1].constant(), 1, shape[2].constant()}}, {x}));
  }
  const ValueId seen = call.Add(Attention{.scale = call.node.Float("scale", 1)}, pictures);
  const SymbolicShape& shape = call.ShapeOf(seen);
  return call.Add(Reshape{{shape[1].constant(), shape[3].constant()}}, {seen});
}

constexpr std::array kOperators = {
    OnnxOperator{"gan.PixelNorm", PixelNormOf}, OnnxOperator{"gan.Demodulate", DemodulateOf},
    OnnxOperator{"gan.LayerNorm", LayerNormOf}, OnnxOperator{"gan.GroupNorm", GroupNormOf},
    OnnxOperator{"gan.Attention", AttentionOf},
};

}  // namespace

std::span<const OnnxOperator> OnnxPatternOperators() { return kOperators; }

}  // namespace gan::core
