// Operators that make fewer numbers of many: pools and reductions.
#include <algorithm>
#include <array>
#include <string_view>

#include "formats/onnx_ops.h"

namespace gan::core {
namespace {

OnnxValue GlobalAveragePool(OnnxCall& call) {
  return call.Add(GlobalPool{PoolKind::kAverage}, {call.Value(0)});
}

OnnxValue GlobalMaxPool(OnnxCall& call) {
  return call.Add(GlobalPool{PoolKind::kMax}, {call.Value(0)});
}

template <PoolKind kind>
OnnxValue Pool(OnnxCall& call) {
  const auto pair = [&](std::string_view attribute, std::vector<int64_t> absent) {
    const std::vector<int64_t> values = call.node.Ints(attribute, std::move(absent));
    if (values.size() != 2) call.node.FailHere("wants {} along two axes", attribute);
    return Size2d{values[0], values[1]};
  };
  const ValueId x = call.Value(0);
  const Size2d kernel = pair("kernel_shape", {}), stride = pair("strides", {1, 1});
  if (call.node.Int("ceil_mode", 0) != 0 || pair("dilations", {1, 1}) != Size2d{1, 1}) {
    call.node.FailHere("wants sizes rounded down and no dilation");
  }
  const Pool2d op{.kind = kind,
                  .kernel = kernel,
                  .stride = stride,
                  .padding = OnnxPadding(call, call.ShapeOf(x), kernel, stride, {1, 1}),
                  .count_padding = call.node.Int("count_include_pad", 0) != 0};
  return call.Add(op, {x});
}

enum class Reduction { kMean, kSum, kMax };

// Along the axes of a picture, in the order in which they are dropped.
ValueId OverPixels(OnnxCall& call, ValueId x, Reduction reduction, bool h, bool w) {
  const SymbolicShape shape = call.ShapeOf(x);
  const PoolKind kind = reduction == Reduction::kMax ? PoolKind::kMax : PoolKind::kAverage;
  const auto known = [&](size_t axis) {
    if (!shape[axis].IsConstant()) {
      call.node.FailHere("wants a known size along axis {}, got {}", axis, ToString(shape));
    }
    return shape[axis].constant();
  };
  if (h && w) {
    x = call.Add(GlobalPool{kind}, {x});
  } else {
    const Size2d all{h ? known(2) : 1, w ? known(3) : 1};
    x = call.Add(Pool2d{.kind = kind, .kernel = all}, {x});
  }
  if (reduction != Reduction::kSum) return x;
  const float count =
      (h ? static_cast<float>(known(2)) : 1) * (w ? static_cast<float>(known(3)) : 1);
  return call.Add(Affine{count, 0}, {x});
}

ValueId OverChannels(OnnxCall& call, ValueId x, Reduction reduction) {
  if (reduction == Reduction::kMax) call.node.FailHere("is over channels, which gan does not know");
  const int64_t channels = call.Channels(x);
  const float share = reduction == Reduction::kMean ? 1 / static_cast<float>(channels) : 1;
  const bool row = call.ShapeOf(x).size() == 2;
  Tensor shares(DType::kF32, row ? Shape{1, channels} : Shape{1, channels, 1, 1});
  std::ranges::fill(shares.floats(), share);
  const ValueId weight = call.Constant(shares);
  return row ? call.Add(Linear{}, {x, weight}) : call.Add(Conv2d{}, {x, weight});
}

// A plane for each place in front of the columns; of columns with nothing behind them the plane is
// one row, which pools are quicker to take whole.
Reshape PlanesOf(const OnnxColumns& in) {
  if (in.behind == 1) return Reshape{{in.before, 1, in.along}};
  return Reshape{{in.before, in.along, in.behind}};
}

// Along one axis of known sizes, which is 1 then.
ValueId OverAxis(OnnxCall& call, ValueId x, Reduction reduction, size_t axis) {
  OnnxColumns columns = OnnxColumnsOf(call, call.ShapeOf(x), axis, axis + 1);
  x = call.Add(PlanesOf(columns), {x});
  columns.sizes[axis - 1] = 1;
  x = OverPixels(call, x, reduction, true, columns.behind == 1);
  return call.Add(Reshape{columns.sizes}, {x});
}

template <Reduction reduction>
OnnxValue Reduce(OnnxCall& call) {
  ValueId x = call.Value(0);
  const SymbolicShape shape = call.ShapeOf(x);
  const std::vector<size_t> axes = OnnxAxes(call, shape.size(), {});
  const auto has = [&](size_t axis) { return std::ranges::count(axes, axis) != 0; };
  if (axes.empty() || axes[0] == 0) call.node.FailHere("wants to be over axes behind the first");
  if (shape.size() == 4 || shape.size() == 2) {
    if (has(2) || has(3)) x = OverPixels(call, x, reduction, has(2), has(3));
    if (has(1)) x = OverChannels(call, x, reduction);
  } else {
    for (const size_t axis : axes) x = OverAxis(call, x, reduction, axis);
  }
  if (call.node.Int("keepdims", 1) != 0) return x;
  std::vector<int64_t> rest;
  for (size_t axis = 1; axis < shape.size(); ++axis) {
    if (has(axis)) continue;
    if (!shape[axis].IsConstant()) call.node.FailHere("drops axes beside a size that is not known");
    rest.push_back(shape[axis].constant());
  }
  if (rest.empty()) call.node.FailHere("leaves one number a picture, without an axis");
  return call.Add(Reshape{rest}, {x});
}

// exp(x - max) / sum of it, along the kernel. That is at most 1, and exp(x) = elu(x) + 1 below 0.
ValueId SoftmaxAlong(OnnxCall& call, ValueId x, const Size2d& kernel) {
  const SymbolicShape& shape = call.ShapeOf(x);
  const bool whole = shape[2] == Dim(kernel.h) && shape[3] == Dim(kernel.w);
  const auto pooled = [&](PoolKind kind, ValueId of) {
    return whole ? call.Add(GlobalPool{kind}, {of})
                 : call.Add(Pool2d{.kind = kind, .kernel = kernel}, {of});
  };
  const ValueId most = pooled(PoolKind::kMax, x);
  const ValueId below = call.Add(Binary{BinaryKind::kSubtract}, {x, most});
  const ValueId exp = call.Add(Affine{1, 1}, {call.Activate(below, ActivationKind::kElu, 1)});
  const ValueId mean = pooled(PoolKind::kAverage, exp);
  const ValueId sum = call.Add(Affine{static_cast<float>(kernel.h * kernel.w), 0}, {mean});
  return call.Add(Binary{BinaryKind::kDivide}, {exp, sum});
}

// Along one axis; up to opset 12 along all from that axis on.
OnnxValue Softmax(OnnxCall& call) {
  const ValueId x = call.Value(0);
  const SymbolicShape shape = call.ShapeOf(x);
  const bool to_the_end = call.opset < 13;
  const size_t axis = OnnxAxis(call, call.node.Int("axis", to_the_end ? 1 : -1), shape.size());
  if (axis == 0) call.node.FailHere("wants an axis behind the first");
  const bool of_last = axis + 1 == shape.size();
  const bool open = std::ranges::any_of(shape.begin() + 1, shape.end(),
                                        [](const Dim& size) { return !size.IsConstant(); });
  const bool pixels = shape.size() == 4 && axis >= 2 && shape[axis].IsConstant();
  if (pixels && (of_last ? open : !to_the_end)) {
    const int64_t count = shape[axis].constant();
    return SoftmaxAlong(call, x, axis == 2 ? Size2d{count, 1} : Size2d{1, count});
  }
  const OnnxColumns in = OnnxColumnsOf(call, shape, axis, to_the_end ? shape.size() : axis + 1);
  const ValueId planes = call.Add(PlanesOf(in), {x});
  const Size2d kernel = in.behind == 1 ? Size2d{1, in.along} : Size2d{in.along, 1};
  return call.Add(Reshape{in.sizes}, {SoftmaxAlong(call, planes, kernel)});
}

constexpr std::array kOperators = {
    OnnxOperator{"GlobalAveragePool", GlobalAveragePool},
    OnnxOperator{"GlobalMaxPool", GlobalMaxPool},
    OnnxOperator{"AveragePool", Pool<PoolKind::kAverage>},
    OnnxOperator{"MaxPool", Pool<PoolKind::kMax>},
    OnnxOperator{"ReduceMean", Reduce<Reduction::kMean>},
    OnnxOperator{"ReduceSum", Reduce<Reduction::kSum>},
    OnnxOperator{"ReduceMax", Reduce<Reduction::kMax>},
    OnnxOperator{"Softmax", Softmax},
};

}  // namespace

std::span<const OnnxOperator> OnnxReduceOperators() { return kOperators; }

}  // namespace gan::core
