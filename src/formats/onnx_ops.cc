#include "formats/onnx_ops.h"

#include <algorithm>
#include <cstring>

namespace gan::core {

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

ValueId OnnxCall::Parameter(size_t i, const Tensor& tensor) {
  if (!IsFloating(tensor.dtype())) node.FailHere("wants input {} as numbers with fractions", i);
  if (tensor.shape().elements() == 0) node.FailHere("wants input {} not to be empty", i);
  // One weight may be wanted in two shapes, with axes of 1 in front.
  std::string name = node.inputs[i];
  while (const Tensor* known = parameters_.Find(name)) {
    if (known->shape() == tensor.shape()) return graph_.Parameter(name, tensor.shape());
    name += '\'';
  }
  const ValueId id = graph_.Parameter(name, tensor.shape());
  parameters_.Add(std::move(name), tensor.ToFloat());
  return id;
}

ValueId OnnxCall::Value(size_t i) {
  if (!Has(i)) node.FailHere("wants input {}", i);
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

OnnxHandler FindOnnxHandler(std::string_view op) {
  for (const auto& table : {OnnxWeightOperators(), OnnxShapeOperators(), OnnxArithmeticOperators(),
                            OnnxPatternOperators()}) {
    const auto found = std::ranges::find(table, op, &OnnxOperator::op);
    if (found != table.end()) return found->handler;
  }
  return nullptr;
}

}  // namespace gan::core
