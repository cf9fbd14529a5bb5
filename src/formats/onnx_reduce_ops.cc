// Operators that make fewer numbers of many: pools and reductions.
#include <algorithm>
#include <array>
#include <string_view>

#include "base/checked.h"
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

template <Reduction reduction>
OnnxValue Reduce(OnnxCall& call) {
  ValueId x = call.Value(0);
  const SymbolicShape shape = call.ShapeOf(x);
  const std::vector<size_t> axes = OnnxAxes(call, shape.size(), {});
  const auto has = [&](size_t axis) { return std::ranges::count(axes, axis) != 0; };
  if ((shape.size() != 4 && shape.size() != 2) || axes.empty() || axes[0] == 0) {
    call.node.FailHere("wants to be over axes behind the first, of a picture or a row");
  }
  if (has(2) || has(3)) x = OverPixels(call, x, reduction, has(2), has(3));
  if (has(1)) x = OverChannels(call, x, reduction);
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
  const ValueId most = call.Add(Pool2d{.kind = PoolKind::kMax, .kernel = kernel}, {x});
  const ValueId below = call.Add(Binary{BinaryKind::kSubtract}, {x, most});
  const ValueId exp = call.Add(Affine{1, 1}, {call.Activate(below, ActivationKind::kElu, 1)});
  const ValueId mean = call.Add(Pool2d{.kind = PoolKind::kAverage, .kernel = kernel}, {exp});
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
  if (shape.size() == 4 && axis >= 2 && (of_last || !to_the_end) && shape[axis].IsConstant()) {
    const int64_t count = shape[axis].constant();
    return SoftmaxAlong(call, x, axis == 2 ? Size2d{count, 1} : Size2d{1, count});
  }
  int64_t before = 1, along = 1, behind = 1;
  std::vector<int64_t> sizes;
  for (size_t i = 1; i < shape.size(); ++i) {
    int64_t& product = i < axis ? before : i == axis || to_the_end ? along : behind;
    const auto larger =
        shape[i].IsConstant() ? CheckedMul(product, shape[i].constant()) : std::nullopt;
    if (!larger) call.node.FailHere("wants known sizes, got {}", ToString(shape));
    product = *larger;
    sizes.push_back(shape[i].constant());
  }
  const ValueId columns = call.Add(Reshape{{before, along, behind}}, {x});
  return call.Add(Reshape{sizes}, {SoftmaxAlong(call, columns, {along, 1})});
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
