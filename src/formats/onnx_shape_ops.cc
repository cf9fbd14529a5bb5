// Operators that move numbers, and those that resample.
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/checked.h"
#include "formats/onnx_ops.h"

namespace gan::core {
namespace {

OnnxValue Identity(OnnxCall& call) {
  if (call.IsKnown(0)) return call.Known(0);
  return call.Value(0);
}

OnnxValue Constant(OnnxCall& call) {
  const auto value = call.node.attributes.find("value");
  if (value != call.node.attributes.end() && value->second.tensor) return *value->second.tensor;
  if (const auto one = call.node.attributes.find("value_float");
      one != call.node.attributes.end() && one->second.number) {
    return Tensor::FromFloats({}, std::vector<float>{*one->second.number});
  }
  call.node.FailHere("wants a tensor as its value");
}

size_t AxisOf(const OnnxCall& call, int64_t axis, size_t rank) {
  const auto axes = static_cast<int64_t>(rank);
  if (axis < -axes || axis >= axes) {
    call.node.FailHere("wants an axis from {} to {}, got {}", -axes, axes - 1, axis);
  }
  return static_cast<size_t>(axis < 0 ? axis + axes : axis);
}

OnnxValue ConcatOf(OnnxCall& call) {
  std::vector<ValueId> parts;
  for (size_t i = 0; i < call.size(); ++i) parts.push_back(call.Value(i));
  if (parts.empty()) call.node.FailHere("wants inputs");
  if (AxisOf(call, call.node.Int("axis", 1), call.ShapeOf(parts[0]).size()) != 1) {
    call.node.FailHere("wants to join channels");
  }
  return call.Add(Concat{}, parts);
}

int64_t BlockOf(const OnnxCall& call) {
  const int64_t block = call.node.Int("blocksize", 0);
  if (block < 1 || block > 1024) call.node.FailHere("wants a blocksize from 1 to 1024");
  return block;
}

// CRD is PyTorch's order; in DCR the blocks come first, which for blocks of one channel is the
// same.
OnnxValue DepthToSpace(OnnxCall& call) {
  const int64_t block = BlockOf(call);
  const ValueId x = call.Value(0);
  if (call.node.Text("mode", "DCR") != "CRD" && call.Channels(x) != block * block) {
    call.node.FailHere("orders channels as DCR; gan knows CRD");
  }
  return call.Add(PixelShuffle{block}, {x});
}

float NumberOf(const OnnxCall& call, size_t input) {
  const std::vector<float> numbers = call.KnownFloats(input);
  if (numbers.size() != 1) call.node.FailHere("wants one number as input {}", input);
  return numbers[0];
}

OnnxValue PadOf(OnnxCall& call) {
  const std::vector<int64_t> pads = call.Has(1) ? call.KnownInts(1) : call.node.Ints("pads");
  const std::string mode = call.node.Text("mode", "constant");
  if (pads.size() != 8 || pads[0] != 0 || pads[1] != 0 || pads[4] != 0 || pads[5] != 0) {
    call.node.FailHere("wants to pad the height and width of a picture alone");
  }
  Pad2d op{.padding = {pads[2], pads[3], pads[6], pads[7]}};
  if (mode == "reflect") op.mode = PadMode::kReflect;
  if (mode == "edge") op.mode = PadMode::kReplicate;
  if (mode == "constant") {
    op.value = call.Has(2) ? NumberOf(call, 2) : call.node.Float("value", 0);
  } else if (mode != "reflect" && mode != "edge") {
    call.node.FailHere("pads by \"{}\", which gan does not know", Printable(mode));
  }
  return call.Add(op, {call.Value(0)});
}

// A scale as a fraction: halves to sixteenths, and their multiples.
std::pair<int64_t, int64_t> Fraction(const OnnxCall& call, float scale) {
  for (int64_t den = 1; den <= 16; ++den) {
    const float num = scale * static_cast<float>(den);
    if (num >= 1 && num <= 4096 && num == std::round(num)) return {static_cast<int64_t>(num), den};
  }
  call.node.FailHere("resizes by {}, which is no simple fraction", scale);
}

std::vector<float> ScalesOf(const OnnxCall& call) {
  const size_t input = call.node.op == "Upsample" || call.opset < 11 ? 1 : 2;
  if (call.Has(3) && !call.Has(2)) {
    call.node.FailHere("resizes to a fixed size; wants scales");
  }
  if (!call.Has(input)) {
    const auto attribute = call.node.attributes.find("scales");
    if (attribute == call.node.attributes.end()) call.node.FailHere("wants scales");
    return attribute->second.numbers;
  }
  return call.KnownFloats(input);
}

OnnxValue ResizeOf(OnnxCall& call) {
  const std::vector<float> scales = ScalesOf(call);
  if (scales.size() != 4 || scales[0] != 1 || scales[1] != 1) {
    call.node.FailHere("wants to resize the height and width of a picture alone");
  }
  const auto [h_num, h_den] = Fraction(call, scales[2]);
  const auto [w_num, w_den] = Fraction(call, scales[3]);
  Resize op{.num = {h_num, w_num}, .den = {h_den, w_den}};
  const std::string mode = call.node.Text("mode", "nearest");
  const std::string places = call.node.Text("coordinate_transformation_mode",
                                            call.opset < 11 ? "asymmetric" : "half_pixel");
  if (mode == "nearest") {
    // Rounded up from the middle, as the op itself has it.
    const bool up = call.node.Text("nearest_mode", "") == "round_prefer_ceil";
    if (up && (places == "half_pixel" || places == "align_corners")) {
      op.coordinates =
          places == "half_pixel" ? ResizeCoordinates::kHalfPixel : ResizeCoordinates::kAlignCorners;
      return call.Add(op, {call.Value(0)});
    }
    // Of whole enlargements every rounding of every kind of places gives the same pixel, but for
    // asymmetric places that are rounded to the nearest.
    const bool whole = h_den == 1 && w_den == 1;
    const bool floor = call.opset < 11 || call.node.Text("nearest_mode", "") == "floor";
    if (places == "asymmetric" ? !floor : !whole) {
      call.node.FailHere("takes the nearest pixel in a way that gan does not know");
    }
    return call.Add(op, {call.Value(0)});
  }
  op.mode = mode == "linear" ? ResizeMode::kBilinear : ResizeMode::kBicubic;
  if ((mode != "linear" && mode != "cubic") ||
      (mode == "cubic" && call.node.Float("cubic_coeff_a", -0.75f) != -0.75f)) {
    call.node.FailHere("resizes by \"{}\", which gan does not know", Printable(mode));
  }
  if (places == "align_corners") {
    op.coordinates = ResizeCoordinates::kAlignCorners;
  } else if (places == "half_pixel" || places == "pytorch_half_pixel") {
    op.coordinates = ResizeCoordinates::kHalfPixel;
  } else if (places != "asymmetric") {
    call.node.FailHere("places pixels by \"{}\", which gan does not know", Printable(places));
  }
  return call.Add(op, {call.Value(0)});
}

// To sizes that are known, but for the number of pictures.
OnnxValue ToSizes(OnnxCall& call, std::vector<int64_t> sizes) {
  const ValueId x = call.Value(0);
  const SymbolicShape& shape = call.ShapeOf(x);
  int64_t elements = 1, known = 1;
  const auto multiply = [&](int64_t& product, int64_t size) {
    const auto larger = CheckedMul(product, size);
    if (!larger) call.node.FailHere("has sizes that are too large to compute with");
    product = *larger;
  };
  for (size_t axis = 1; axis < shape.size(); ++axis) {
    if (!shape[axis].IsConstant()) call.node.FailHere("wants known sizes, got {}", ToString(shape));
    multiply(elements, shape[axis].constant());
  }
  if (sizes.empty() || sizes.size() > 8) call.node.FailHere("wants one to eight sizes");
  std::vector<int64_t> rest(sizes.begin() + 1, sizes.end());
  for (size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == 0 && i + 1 < shape.size()) rest[i] = shape[i + 1].constant();
    if (rest[i] > 0) multiply(known, rest[i]);
  }
  for (int64_t& size : rest) {
    if (size == -1 && known > 0) size = elements / known;
  }
  return call.Add(Reshape{rest}, {x});
}

OnnxValue ReshapeOf(OnnxCall& call) { return ToSizes(call, call.KnownInts(1)); }

OnnxValue Flatten(OnnxCall& call) {
  if (call.node.Int("axis", 1) != 1) call.node.FailHere("wants to keep the first axis");
  return ToSizes(call, {0, -1});
}

// Adds axes of 1 behind [N, C].
OnnxValue Unsqueeze(OnnxCall& call) {
  const std::vector<int64_t> axes = call.Has(1) ? call.KnownInts(1) : call.node.Ints("axes");
  const ValueId x = call.Value(0);
  const size_t rank = call.ShapeOf(x).size();
  std::vector<int64_t> sizes = {0};
  for (size_t axis = 1; axis < rank; ++axis) sizes.push_back(0);
  for (const int64_t axis : axes) {
    if (axis >= 0 && axis < static_cast<int64_t>(rank)) {
      call.node.FailHere("wants new axes behind those that are there");
    }
    sizes.push_back(1);
  }
  return ToSizes(call, sizes);
}

// Exporters say "to the end" by a number from here on.
constexpr int64_t kFar = int64_t{1} << 31;

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
      steps != std::vector<int64_t>(starts.size(), 1)) {
    call.node.FailHere("wants as many starts as ends and steps of 1");
  }
  for (size_t i = 0; i < starts.size(); ++i) {
    const SymbolicShape& shape = call.ShapeOf(x);
    const size_t axis = AxisOf(call, axes[i], shape.size());
    if (ends[i] < -kFar || starts[i] < -kFar) call.node.FailHere("wants places nearer the picture");
    int64_t begin = starts[i], margin = ends[i] < 0 ? -ends[i] : 0;
    if (shape[axis].IsConstant()) {
      const int64_t size = shape[axis].constant();
      begin = begin < 0 ? std::max<int64_t>(begin + size, 0) : begin;
      if (ends[i] >= 0) margin = std::max<int64_t>(size - ends[i], 0);
    } else if (begin < 0 || (ends[i] >= 0 && ends[i] < kFar - 1)) {
      call.node.FailHere("wants to cut off borders of sizes that are not known");
    }
    x = call.Add(Slice{static_cast<int64_t>(axis), begin, margin}, {x});
  }
  return x;
}

constexpr std::array kOperators = {
    OnnxOperator{"Identity", Identity}, OnnxOperator{"Dropout", Identity},
    OnnxOperator{"Cast", Identity},     OnnxOperator{"Constant", Constant},
    OnnxOperator{"Concat", ConcatOf},   OnnxOperator{"DepthToSpace", DepthToSpace},
    OnnxOperator{"Pad", PadOf},         OnnxOperator{"Resize", ResizeOf},
    OnnxOperator{"Upsample", ResizeOf}, OnnxOperator{"Reshape", ReshapeOf},
    OnnxOperator{"Flatten", Flatten},   OnnxOperator{"Unsqueeze", Unsqueeze},
    OnnxOperator{"Slice", SliceOf},
};

}  // namespace

std::span<const OnnxOperator> OnnxShapeOperators() { return kOperators; }

}  // namespace gan::core
