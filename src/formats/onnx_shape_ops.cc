// Operators that move numbers.
#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <utility>

#include "base/checked.h"
#include "formats/onnx_ops.h"
#include "formats/onnx_turned.h"

namespace gan::core {
namespace {

// Exporters say "to the end" by a number from here on.
constexpr int64_t kFar = int64_t{1} << 31;

constexpr int64_t kMostStep = 1024;
constexpr int64_t kMostRepeated = 1 << 20;  // numbers that Expand adds

OnnxValue Identity(OnnxCall& call) {
  if (call.IsKnown(0)) return call.Known(0);
  return call.Value(0);
}

// Whether it trains is an input since opset 12.
OnnxValue Dropout(OnnxCall& call) {
  if (call.Has(2)) {
    const Tensor& training = call.Known(2);
    const bool off =
        std::ranges::all_of(training.raw(), [](std::byte b) { return b == std::byte{0}; });
    if (!off) call.node.FailHere("is in training mode");
  }
  return Identity(call);
}

// Numbers of a picture cannot be whole ones, which a cast would make of them.
OnnxValue Cast(OnnxCall& call) {
  const int64_t type = call.node.Int("to", 1);
  if (type != 1 && type != 10 && type != 11 && type != 16) {
    call.node.FailHere("casts to type {}; wants one with fractions", type);
  }
  return call.Value(0);
}

Tensor WholeNumbers(const Shape& shape, const std::vector<int64_t>& numbers) {
  Tensor out(DType::kI64, shape);
  if (!numbers.empty()) std::memcpy(out.raw().data(), numbers.data(), out.bytes());
  return out;
}

OnnxValue Constant(OnnxCall& call) {
  const auto given = [&](std::string_view name) -> const OnnxAttribute* {
    const auto found = call.node.attributes.find(name);
    return found == call.node.attributes.end() ? nullptr : &found->second;
  };
  if (const auto* value = given("value"); value != nullptr && value->tensor) return *value->tensor;
  if (const auto* one = given("value_float"); one != nullptr && one->number) {
    return Tensor::FromFloats({}, std::vector<float>{*one->number});
  }
  if (const auto* one = given("value_int"); one != nullptr && one->integer) {
    return WholeNumbers({}, {*one->integer});
  }
  if (const auto* list = given("value_floats")) {
    return Tensor::FromFloats({static_cast<int64_t>(list->numbers.size())}, list->numbers);
  }
  if (const auto* list = given("value_ints")) {
    return WholeNumbers({static_cast<int64_t>(list->integers.size())}, list->integers);
  }
  call.node.FailHere("wants a tensor or numbers as its value");
}

// Along another axis than that of the channels where all sizes are known: the two change places,
// and again in the result.
OnnxValue ConcatOf(OnnxCall& call) {
  std::vector<ValueId> parts;
  for (size_t i = 0; i < call.size(); ++i) parts.push_back(call.Value(i));
  if (parts.empty()) call.node.FailHere("wants inputs");
  const SymbolicShape& shape = call.ShapeOf(parts[0]);
  const size_t axis = OnnxAxis(call, call.node.Int("axis", 1), shape.size());
  if (axis == 1) return call.Add(Concat{}, parts);
  std::vector<int64_t> order(shape.size());
  std::iota(order.begin(), order.end(), 0);
  for (const ValueId part : parts) {
    if (axis == 0 || !OnnxCanMove(call.ShapeOf(part), order)) {
      call.node.FailHere(
          "wants to join channels, or along an axis behind the first of known sizes");
    }
  }
  std::swap(order[1], order[axis]);
  for (ValueId& part : parts) part = call.Add(Transpose{order}, {part});
  return call.Add(Transpose{order}, {call.Add(Concat{}, parts)});
}

float NumberOf(const OnnxCall& call, size_t input) {
  const std::vector<float> numbers = call.KnownFloats(input);
  if (numbers.size() != 1) call.node.FailHere("wants one number as input {}", input);
  return numbers[0];
}

// Borders for each axis of a picture, those that "axes" names.
std::vector<int64_t> PadsOf(const OnnxCall& call) {
  const std::vector<int64_t> given = call.Has(1) ? call.KnownInts(1) : call.node.Ints("pads");
  std::vector<int64_t> axes = {0, 1, 2, 3};
  if (call.Has(3)) axes = call.KnownInts(3);
  if (given.size() != 2 * axes.size()) {
    call.node.FailHere("wants {} pads, got {}", 2 * axes.size(), given.size());
  }
  std::vector<int64_t> pads(8, 0);
  for (size_t i = 0; i < axes.size(); ++i) {
    const size_t axis = OnnxAxis(call, axes[i], 4);
    pads[axis] = given[i], pads[4 + axis] = given[axes.size() + i];
  }
  return pads;
}

// A border below 0 cuts off.
OnnxValue PadOf(OnnxCall& call) {
  const std::vector<int64_t> pads = PadsOf(call);
  const std::string mode = call.node.Text("mode", "constant");
  ValueId x = call.Value(0);
  if (pads[0] != 0 || pads[1] != 0 || pads[4] != 0 || pads[5] != 0 || call.ShapeOf(x).size() != 4) {
    call.node.FailHere("wants to pad the height and width of a picture alone");
  }
  if (mode != "constant" && mode != "reflect" && mode != "edge") {
    call.node.FailHere("pads by \"{}\", which gan does not know", Printable(mode));
  }
  const auto added = [](int64_t pad) { return std::max<int64_t>(pad, 0); };
  Pad2d op{.padding = {added(pads[2]), added(pads[3]), added(pads[6]), added(pads[7])}};
  if (mode == "reflect") op.mode = PadMode::kReflect;
  if (mode == "edge") op.mode = PadMode::kReplicate;
  if (mode == "constant") {
    op.value = call.Has(2) ? NumberOf(call, 2) : call.node.Float("value", 0);
  }
  if (op.padding != Padding2d{}) x = call.Add(op, {x});
  for (const size_t axis : {size_t{2}, size_t{3}}) {
    const int64_t begin = pads[axis], end = pads[4 + axis];
    if (std::min(begin, end) < -kFar) call.node.FailHere("wants borders nearer the picture");
    if (std::min(begin, end) >= 0) continue;
    x = call.Add(Slice{static_cast<int64_t>(axis), added(-begin), added(-end)}, {x});
  }
  return x;
}

// The sizes that a value is to have, as a number where they are one. -1: what is left; 0: as it is.
using Wanted = std::vector<Dim>;

bool IsOpen(const Dim& dim) { return dim == Dim(-1); }

// To sizes that are known, but for the number of pictures.
OnnxValue ToSizes(OnnxCall& call, Wanted sizes) {
  const ValueId x = call.Value(0);
  const SymbolicShape& shape = call.ShapeOf(x);
  if (sizes.empty() || sizes.size() > 8) call.node.FailHere("wants one to eight sizes");
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == Dim(0) && i < shape.size()) sizes[i] = shape[i];
  }
  // A file may say that there is one picture where there may be more.
  if (!sizes[0].IsConstant() && !(sizes[0] == shape[0])) {
    call.node.FailHere("wants to keep the number of pictures, got {}", ToString(sizes));
  }
  sizes[0] = shape[0];
  if (sizes == shape) return x;
  int64_t elements = 1, known = 1;
  const auto multiply = [&](int64_t& product, const Dim& size) {
    if (!size.IsConstant()) {
      call.node.FailHere("wants known sizes, got {} to become {}", ToString(shape),
                         ToString(sizes));
    }
    const auto larger = CheckedMul(product, size.constant());
    if (!larger) call.node.FailHere("has sizes that are too large to compute with");
    product = *larger;
  };
  for (size_t axis = 1; axis < shape.size(); ++axis) multiply(elements, shape[axis]);
  std::vector<int64_t> rest;
  for (size_t i = 1; i < sizes.size(); ++i) {
    if (!IsOpen(sizes[i])) multiply(known, sizes[i]);
  }
  for (size_t i = 1; i < sizes.size(); ++i) {
    rest.push_back(!IsOpen(sizes[i]) ? sizes[i].constant() : known > 0 ? elements / known : -1);
  }
  return call.Add(Reshape{rest}, {x});
}

OnnxValue ReshapeOf(OnnxCall& call) {
  const Wanted sizes = call.Sizes(1);
  if (call.node.Int("allowzero", 0) != 0 && std::ranges::count(sizes, Dim(0)) != 0) {
    call.node.FailHere("wants an axis of 0 elements");
  }
  if (const OnnxBlocks* blocks = call.Blocks(0)) return OnnxJoinedBlocks(call, *blocks, sizes);
  if (auto blocks = OnnxSeenAsBlocks(call, sizes)) return *blocks;
  return ToSizes(call, sizes);
}

OnnxValue Flatten(OnnxCall& call) {
  const size_t rank = call.ShapeOf(call.Value(0)).size();
  const int64_t axis = call.node.Int("axis", 1);
  if (axis != 1 && axis != 1 - static_cast<int64_t>(rank)) {
    call.node.FailHere("wants to keep the first axis");
  }
  return ToSizes(call, {0, -1});
}

OnnxValue Unsqueeze(OnnxCall& call) {
  const SymbolicShape shape = call.ShapeOf(call.Value(0));
  const size_t more = (call.Has(1) ? call.KnownInts(1) : call.node.Ints("axes")).size();
  const std::vector<size_t> axes = OnnxAxes(call, shape.size() + more, {});
  if (!axes.empty() && axes[0] == 0) call.node.FailHere("wants to keep the first axis");
  Wanted sizes = shape;
  for (const size_t axis : axes) sizes.insert(sizes.begin() + static_cast<std::ptrdiff_t>(axis), 1);
  return ToSizes(call, sizes);
}

OnnxValue Squeeze(OnnxCall& call) {
  const SymbolicShape shape = call.ShapeOf(call.Value(0));
  std::vector<size_t> ones;
  for (size_t axis = 1; axis < shape.size(); ++axis) {
    if (shape[axis] == Dim(1)) ones.push_back(axis);
  }
  Wanted sizes = shape;
  const std::vector<size_t> axes = OnnxAxes(call, shape.size(), ones);
  for (size_t i = axes.size(); i-- > 0;) {
    if (axes[i] == 0 || !(shape[axes[i]] == Dim(1))) {
      call.node.FailHere("wants axes of 1 behind the first, got axis {} of {}", axes[i],
                         ToString(shape));
    }
    sizes.erase(sizes.begin() + static_cast<std::ptrdiff_t>(axes[i]));
  }
  return ToSizes(call, sizes);
}

// Axes that keep their order but for those of 1 are another shape of the same numbers. Any other
// order is kept in mind until it is turned back.
OnnxValue TransposeOf(OnnxCall& call) {
  if (const OnnxBlocks* blocks = call.Blocks(0)) return OnnxTurnedBlocks(call, *blocks);
  const OnnxTurned* turned = call.Turned(0);
  const ValueId x = turned != nullptr ? turned->value : call.Value(0);
  const SymbolicShape shape = call.ShapeOf(x);
  std::vector<int64_t> before(shape.size());
  std::iota(before.begin(), before.end(), 0);
  std::vector<int64_t> perm = call.node.Ints("perm");
  if (perm.empty()) perm.assign(before.rbegin(), before.rend());
  const std::vector<int64_t> turn =
      OnnxTurnedAgain(call.node, turned != nullptr ? turned->turn : before, perm);
  if (turn.empty()) call.node.FailHere("wants axes");
  if (turn[0] != 0) return OnnxTurned{x, turn};
  Wanted sizes;
  std::vector<int64_t> moved;
  for (const int64_t axis : turn) {
    sizes.push_back(shape[static_cast<size_t>(axis)]);
    if (!(sizes.back() == Dim(1))) moved.push_back(axis);
  }
  if (!std::ranges::is_sorted(moved)) return OnnxTurned{x, turn};
  call.Replace(0, x);
  return ToSizes(call, sizes);
}

// Repeats what has one element along an axis.
OnnxValue Expand(OnnxCall& call) {
  const ValueId x = call.Value(0);
  const SymbolicShape shape = call.ShapeOf(x);
  Wanted sizes = call.Sizes(1);
  if (sizes.size() > shape.size()) call.node.FailHere("wants {} axes at most", shape.size());
  sizes.insert(sizes.begin(), shape.size() - sizes.size(), Dim(1));
  const bool kept_first = sizes[0] == shape[0] || sizes[0] == Dim(1);
  std::vector<int64_t> zeros = {1};
  bool repeats = false;
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    const bool kept = sizes[axis] == shape[axis] || sizes[axis] == Dim(1) || axis == 0;
    if (axis == 0 && !kept_first) {
      call.node.FailHere("wants to keep the number of pictures, got {}", ToString(sizes));
    }
    if (!kept && (!(shape[axis] == Dim(1)) || !sizes[axis].IsConstant())) {
      call.node.FailHere("wants to repeat {} as {}, which gan does for known sizes alone",
                         ToString(shape), ToString(sizes));
    }
    if (axis > 0) zeros.push_back(kept ? 1 : sizes[axis].constant());
    repeats = repeats || !kept;
  }
  if (!repeats) return x;
  const auto count = CheckedProduct(zeros);
  if (!count || *count < 1 || *count > kMostRepeated) call.node.FailHere("repeats too much");
  const Tensor zero = Tensor::Zeros(DType::kF32, Shape(std::span<const int64_t>(zeros)));
  return call.Add(Binary{BinaryKind::kAdd}, {x, call.Constant(zero)});
}

// Every `step`-th pixel along an axis of a picture.
ValueId EveryPixel(OnnxCall& call, ValueId x, size_t axis, int64_t step) {
  if (step < 1 || step > kMostStep || axis < 2 || call.ShapeOf(x).size() != 4) {
    call.node.FailHere("wants steps of 1, or above along the height and width of a picture");
  }
  const int64_t channels = call.Channels(x);
  Tensor ones(DType::kF32, {channels, 1, 1, 1});
  std::ranges::fill(ones.floats(), 1.0f);
  const Size2d stride{axis == 2 ? step : 1, axis == 3 ? step : 1};
  return call.Add(Conv2d{.stride = stride, .groups = channels}, {x, call.Constant(ones)});
}

OnnxValue SliceOf(OnnxCall& call) {
  const auto list = [&](size_t input, std::string_view attribute, std::vector<int64_t> absent) {
    return call.Has(input) ? call.KnownInts(input) : call.node.Ints(attribute, std::move(absent));
  };
  ValueId x = call.Value(0);
  const std::vector<int64_t> starts = list(1, "starts", {}), ends = list(2, "ends", {});
  std::vector<int64_t> every(starts.size());
  std::iota(every.begin(), every.end(), 0);
  const std::vector<int64_t> axes = list(3, "axes", every);
  const std::vector<int64_t> steps = list(4, "", std::vector<int64_t>(starts.size(), 1));
  if (ends.size() != starts.size() || axes.size() != starts.size() ||
      steps.size() != starts.size()) {
    call.node.FailHere("wants as many starts as ends, axes and steps");
  }
  for (size_t i = 0; i < starts.size(); ++i) {
    const SymbolicShape& shape = call.ShapeOf(x);
    const size_t axis = OnnxAxis(call, axes[i], shape.size());
    if (ends[i] < -kFar || starts[i] < -kFar) call.node.FailHere("wants places nearer the picture");
    int64_t begin = starts[i], margin = ends[i] < 0 ? -ends[i] : 0;
    if (shape[axis].IsConstant()) {
      const int64_t size = shape[axis].constant();
      begin = begin < 0 ? std::max<int64_t>(begin + size, 0) : begin;
      if (ends[i] >= 0) margin = std::max<int64_t>(size - ends[i], 0);
    } else if (begin < 0 || (ends[i] >= 0 && ends[i] < kFar - 1)) {
      call.node.FailHere("wants to cut off borders of sizes that are not known");
    }
    if (begin != 0 || margin != 0) {
      x = call.Add(Slice{static_cast<int64_t>(axis), begin, margin}, {x});
    }
    if (steps[i] != 1) x = EveryPixel(call, x, axis, steps[i]);
  }
  return x;
}

// One place along an axis, which then is no axis any more, or a row of neighbours.
OnnxValue Gather(OnnxCall& call) {
  const std::vector<int64_t> places = call.KnownInts(1);
  ValueId x = call.Value(0);
  const SymbolicShape shape = call.ShapeOf(x);
  const size_t axis = OnnxAxis(call, call.node.Int("axis", 0), shape.size());
  const size_t rank = call.Known(1).shape().rank();
  if (axis == 0 || !shape[axis].IsConstant() || places.empty() || rank > 1) {
    call.node.FailHere("wants places along a known size behind the first axis, got axis {} of {}",
                       axis, ToString(shape));
  }
  const int64_t size = shape[axis].constant(), count = std::ssize(places);
  const auto place = [&](size_t i) { return places[i] < 0 ? places[i] + size : places[i]; };
  const int64_t begin = place(0);
  bool fits = begin >= 0 && count <= size && begin <= size - count;
  for (size_t i = 0; i < places.size(); ++i) {
    fits = fits && place(i) == begin + static_cast<int64_t>(i);
  }
  if (!fits) call.node.FailHere("wants neighbours among {} places", size);
  x = call.Add(Slice{static_cast<int64_t>(axis), begin, size - begin - count}, {x});
  if (rank == 1) return x;
  Wanted sizes = shape;
  sizes.erase(sizes.begin() + static_cast<std::ptrdiff_t>(axis));
  call.Replace(0, x);
  return ToSizes(call, sizes);
}

// Into pieces whose sizes are an attribute at first and input 1 since opset 13; equal ones, the
// last smaller, where there are none.
OnnxValue SplitOf(OnnxCall& call) {
  const ValueId x = call.Value(0);
  const SymbolicShape shape = call.ShapeOf(x);
  const size_t axis = OnnxAxis(call, call.node.Int("axis", 0), shape.size());
  if (axis == 0 || !shape[axis].IsConstant()) {
    call.node.FailHere("wants to split a known size, got axis {} of {}", axis, ToString(shape));
  }
  const int64_t size = shape[axis].constant();
  const auto count = static_cast<int64_t>(call.node.outputs.size());
  std::vector<int64_t> sizes = call.Has(1) ? call.KnownInts(1) : call.node.Ints("split");
  if (sizes.empty()) {
    const int64_t each = (size + count - 1) / count;
    sizes.assign(static_cast<size_t>(count), each);
    sizes.back() = size - each * (count - 1);
  }
  int64_t left = size;
  for (const int64_t part : sizes) left = part > 0 && part <= left ? left - part : -1;
  if (left != 0 || static_cast<int64_t>(sizes.size()) != count) {
    call.node.FailHere("wants {} sizes above 0 that sum to {}", count, size);
  }
  std::vector<OnnxValue> parts;
  int64_t begin = 0;
  for (const int64_t part : sizes) {
    const int64_t margin = size - begin - part;
    parts.emplace_back(call.Add(Slice{static_cast<int64_t>(axis), begin, margin}, {x}));
    begin += part;
  }
  call.more_outputs.assign(parts.begin() + 1, parts.end());
  return parts[0];
}

constexpr std::array kOperators = {
    OnnxOperator{"Identity", Identity},
    OnnxOperator{"Dropout", Dropout},
    OnnxOperator{"Cast", Cast},
    OnnxOperator{"Constant", Constant},
    OnnxOperator{"Concat", ConcatOf},
    OnnxOperator{"Pad", PadOf},
    OnnxOperator{"Reshape", ReshapeOf},
    OnnxOperator{"Flatten", Flatten},
    OnnxOperator{"Unsqueeze", Unsqueeze},
    OnnxOperator{"Squeeze", Squeeze},
    OnnxOperator{"Transpose", TransposeOf},
    OnnxOperator{"Expand", Expand},
    OnnxOperator{"Slice", SliceOf},
    OnnxOperator{"Split", SplitOf},
    OnnxOperator{"Gather", Gather},
};

}  // namespace

std::span<const OnnxOperator> OnnxShapeOperators() { return kOperators; }

}  // namespace gan::core
