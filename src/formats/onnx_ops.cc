#include "formats/onnx_ops.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/checked.h"
#include "formats/onnx_turned.h"

namespace gan::core {
namespace {

// Copies of a weight in one shape: a small file must not ask for much memory.
constexpr size_t kMostWays = 9;

bool SameNumbers(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape()) return false;
  return a.raw().data() == b.raw().data() ||
         std::memcmp(a.raw().data(), b.raw().data(), a.bytes()) == 0;
}

}  // namespace

const Tensor& OnnxCall::Known(size_t i) const {
  if (!IsKnown(i)) node.FailHere("wants input {} as numbers that the file holds", i);
  return std::get<Tensor>(*inputs_[i]);
}

std::vector<int64_t> OnnxCall::KnownInts(size_t i) const {
  const Tensor& tensor = Known(i);
  if (tensor.dtype() != DType::kI64 && tensor.dtype() != DType::kI32) {
    node.FailHere("wants input {} as whole numbers", i);
  }
  std::vector<int64_t> out;
  const auto count = static_cast<size_t>(tensor.shape().elements());
  for (size_t at = 0; at < count; ++at) {
    const std::byte* from = tensor.raw().data() + at * SizeOf(tensor.dtype());
    int64_t wide = 0;
    int32_t narrow = 0;
    tensor.dtype() == DType::kI64 ? std::memcpy(&wide, from, sizeof wide)
                                  : std::memcpy(&narrow, from, sizeof narrow);
    out.push_back(tensor.dtype() == DType::kI64 ? wide : narrow);
  }
  return out;
}

std::vector<float> OnnxCall::KnownFloats(size_t i) const {
  const Tensor& tensor = Known(i);
  if (!IsFloating(tensor.dtype())) node.FailHere("wants input {} as numbers with fractions", i);
  const Tensor floats = tensor.ToFloat();
  return {floats.floats().begin(), floats.floats().end()};
}

std::vector<Dim> OnnxCall::Sizes(size_t i) const {
  if (IsSizes(i)) return std::get<OnnxSizes>(*inputs_[i]).numbers;
  std::vector<Dim> out;
  for (const int64_t number : KnownInts(i)) out.emplace_back(number);
  return out;
}

ValueId OnnxCall::Parameter(size_t i, const Tensor& tensor) {
  if (!IsFloating(tensor.dtype())) node.FailHere("wants input {} as numbers with fractions", i);
  if (tensor.shape().elements() == 0) node.FailHere("wants input {} not to be empty", i);
  return Named(node.inputs[i], tensor);
}

ValueId OnnxCall::Constant(const Tensor& tensor) {
  return Named(node.outputs[0] + "/constant", tensor);
}

ValueId OnnxCall::Named(std::string name, const Tensor& tensor) {
  const Tensor floats = tensor.ToFloat();
  // One weight may be wanted in two shapes, with axes of 1 in front, or as it is and transposed.
  const size_t plain = name.size();
  size_t ways = 1;
  while (const Tensor* known = parameters_.Find(name)) {
    if (SameNumbers(*known, floats)) return graph_.Parameter(name, floats.shape());
    if (known->shape() == floats.shape() && ++ways > kMostWays) {
      node.FailHere("wants \"{}\" in more than {} ways", Printable(name.substr(0, plain)),
                    kMostWays);
    }
    name += '\'';
  }
  const ValueId id = graph_.Parameter(name, floats.shape());
  parameters_.Add(std::move(name), floats);
  return id;
}

ValueId OnnxCall::Value(size_t i) {
  if (!Has(i)) node.FailHere("wants input {}", i);
  if (const OnnxTurned* turned = Turned(i)) {
    if (!OnnxCanMove(ShapeOf(turned->value), turned->turn)) {
      node.FailHere("wants input {} as it was, got {} with its axes turned", i,
                    ToString(ShapeOf(turned->value)));
    }
    Replace(i, Add(Transpose{turned->turn}, {turned->value}));
  }
  if (!IsValue(i) && !IsKnown(i)) node.FailHere("wants input {} as a picture or row, got sizes", i);
  return IsKnown(i) ? Parameter(i, Known(i)) : std::get<ValueId>(*inputs_[i]);
}

ValueId OnnxCall::ValueOfRank(size_t i, size_t rank) {
  if (!IsKnown(i)) return Value(i);
  const Tensor& tensor = Known(i);
  std::vector<int64_t> sizes(tensor.shape().sizes().begin(), tensor.shape().sizes().end());
  if (sizes.size() > rank) node.FailHere("wants input {} with at most {} axes", i, rank);
  sizes.insert(sizes.begin(), rank - sizes.size(), 1);
  return Parameter(i, tensor.Reshaped(Shape(std::span<const int64_t>(sizes))));
}

int64_t OnnxCall::Channels(ValueId value) const {
  const SymbolicShape& shape = ShapeOf(value);
  if (shape.size() < 2 || !shape[1].IsConstant()) {
    node.FailHere("wants channels that are known, got {}", ToString(shape));
  }
  return shape[1].constant();
}

std::optional<std::pair<int64_t, int64_t>> OnnxFraction(float scale) {
  for (int64_t den = 1; den <= 16; ++den) {
    const float num = scale * static_cast<float>(den);
    if (num >= 1 && num <= 4096 && num == std::round(num)) {
      return std::pair(static_cast<int64_t>(num), den);
    }
  }
  return std::nullopt;
}

size_t OnnxAxis(const OnnxCall& call, int64_t axis, size_t rank) {
  const auto axes = static_cast<int64_t>(rank);
  if (axis < -axes || axis >= axes) {
    call.node.FailHere("wants an axis from {} to {}, got {}", -axes, axes - 1, axis);
  }
  return static_cast<size_t>(axis < 0 ? axis + axes : axis);
}

std::vector<size_t> OnnxAxes(const OnnxCall& call, size_t rank, std::vector<size_t> absent) {
  const std::vector<int64_t> axes = call.Has(1) ? call.KnownInts(1) : call.node.Ints("axes");
  if (axes.empty()) return absent;
  std::vector<size_t> out;
  for (const int64_t axis : axes) out.push_back(OnnxAxis(call, axis, rank));
  std::ranges::sort(out);
  if (std::ranges::adjacent_find(out) != out.end()) call.node.FailHere("names an axis twice");
  return out;
}

OnnxColumns OnnxColumnsOf(const OnnxCall& call, const SymbolicShape& shape, size_t begin,
                          size_t end) {
  OnnxColumns out;
  for (size_t i = 1; i < shape.size(); ++i) {
    int64_t& product = i < begin ? out.before : i < end ? out.along : out.behind;
    const auto larger =
        shape[i].IsConstant() ? CheckedMul(product, shape[i].constant()) : std::nullopt;
    if (!larger) call.node.FailHere("wants known sizes, got {}", ToString(shape));
    product = *larger;
    out.sizes.push_back(shape[i].constant());
  }
  return out;
}

OnnxHandler FindOnnxHandler(std::string_view op) {
  for (const auto& table :
       {OnnxWeightOperators(), OnnxShapeOperators(), OnnxBlockOperators(), OnnxResizeOperators(),
        OnnxArithmeticOperators(), OnnxReduceOperators(), OnnxPatternOperators()}) {
    const auto found = std::ranges::find(table, op, &OnnxOperator::op);
    if (found != table.end()) return found->handler;
  }
  return nullptr;
}

}  // namespace gan::core
