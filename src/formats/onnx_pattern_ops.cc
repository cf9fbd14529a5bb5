// What stands for a group of nodes (onnx_patterns.h).
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

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

constexpr int64_t kMostHeads = 64;  // that are ops of their own

// Rows by columns with the two turned, behind any heads.
ValueId LastTwoTurned(OnnxCall& call, ValueId x) {
  Transpose op;
  for (size_t axis = 0; axis < call.ShapeOf(x).size(); ++axis) {
    op.order.push_back(static_cast<int64_t>(axis));
  }
  std::swap(op.order[op.order.size() - 2], op.order.back());
  return call.Add(op, {x});
}

// Queries, keys and values as AttentionOfRows has them.
using Rows = std::array<ValueId, 3>;

// Whether sizes are known, and heads and sizes fit each other.
bool FitsAttention(const OnnxCall& call, const Rows& in) {
  const SymbolicShape& q = call.ShapeOf(in[0]);
  const size_t rank = q.size();
  for (const ValueId value : in) {
    const SymbolicShape& shape = call.ShapeOf(value);
    if (rank < 3 || shape.size() != rank || shape[0] != q[0]) return false;
    for (size_t axis = 1; axis < rank; ++axis) {
      const bool head = axis + 2 < rank;
      if (!shape[axis].IsConstant() || (head && shape[axis] != q[axis])) return false;
    }
  }
  const SymbolicShape &k = call.ShapeOf(in[1]), &v = call.ShapeOf(in[2]);
  return k[rank - 2] == q[rank - 1] && v[rank - 2] == k[rank - 1] &&
         OnnxColumnsOf(call, q, rank - 2, rank).before <= kMostHeads;
}

// So that no scores of all places are held.
ValueId HeadByHead(OnnxCall& call, const Rows& in) {
  const auto columns = [&](ValueId x) {
    const SymbolicShape& shape = call.ShapeOf(x);
    return OnnxColumnsOf(call, shape, shape.size() - 2, shape.size() - 1);
  };
  const OnnxColumns q = columns(in[0]), v = columns(in[2]);
  const int64_t heads = q.before, width = q.behind, channels = v.behind;
  const auto flat = [&](ValueId x, int64_t each, int64_t places) {
    return call.Add(Reshape{{heads * each, 1, places}}, {x});
  };
  const ValueId queries = flat(LastTwoTurned(call, in[0]), width, q.along);
  const ValueId keys = flat(in[1], width, v.along);
  const ValueId values = flat(LastTwoTurned(call, in[2]), channels, v.along);
  std::vector<ValueId> seen;
  for (int64_t head = 0; head < heads; ++head) {
    const auto of = [&](ValueId x, int64_t each) {
      if (heads == 1) return x;
      return call.Add(Slice{1, head * each, (heads - 1 - head) * each}, {x});
    };
    seen.push_back(call.Add(Attention{.scale = call.node.Float("scale", 1)},
                            {of(queries, width), of(keys, width), of(values, channels)}));
  }
  std::vector<int64_t> sizes = q.sizes;
  sizes[sizes.size() - 2] = channels, sizes.back() = q.along;
  const ValueId all = heads == 1 ? seen[0] : call.Add(Concat{}, seen);
  return LastTwoTurned(call, call.Add(Reshape{sizes}, {all}));
}

// The nodes that the group was, one by one.
OnnxValue StepByStep(OnnxCall& call) {
  OnnxNode step = call.node;
  step.attributes.clear();
  OnnxCall product = call.Of(step);
  ValueId scores = std::get<ValueId>(FindOnnxHandler("MatMul")(product));
  const float scale = call.node.Float("scale", 1);
  if (scale != 1) scores = call.Add(Affine{scale, 0}, {scores});
  step.attributes["axis"].integer = -1;
  OnnxCall softmax = call.Of(step);
  softmax.Replace(0, scores);
  OnnxCall sum = call.Of(step);
  sum.Replace(0, FindOnnxHandler("Softmax")(softmax));
  step.inputs[1] = step.inputs[2];
  sum.Replace(1, call.IsKnown(2) ? OnnxValue(call.Known(2)) : OnnxValue(call.Value(2)));
  return FindOnnxHandler("MatMul")(sum);
}

// Inputs: queries [N, heads..., places, width], keys [N, heads..., width, places to look at],
// values [N, heads..., places to look at, channels].
OnnxValue AttentionOfRows(OnnxCall& call) {
  bool computed = true;
  for (const size_t i : {size_t{0}, size_t{1}, size_t{2}}) {
    computed = computed && !call.IsKnown(i);
    if (!call.IsKnown(i)) call.Replace(i, call.Value(i));
  }
  if (!computed) return StepByStep(call);
  const Rows in = {call.Value(0), call.Value(1), call.Value(2)};
  return FitsAttention(call, in) ? OnnxValue(HeadByHead(call, in)) : StepByStep(call);
}

constexpr std::array kOperators = {
    OnnxOperator{"gan.PixelNorm", PixelNormOf},
    OnnxOperator{"gan.Demodulate", DemodulateOf},
    OnnxOperator{"gan.LayerNorm", LayerNormOf},
    OnnxOperator{"gan.AttentionOfRows", AttentionOfRows},
    OnnxOperator{"gan.GroupNorm", GroupNormOf},
    OnnxOperator{"gan.Attention", AttentionOf},
};

}  // namespace

std::span<const OnnxOperator> OnnxPatternOperators() { return kOperators; }

}  // namespace gan::core
