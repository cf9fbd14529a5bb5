#include "graph/operand.h"

namespace gan::core {
namespace {

// Far above any network's, and small enough that sums and products of a few fit 64 bits.
constexpr int64_t kLargestSize = 1 << 16;

}  // namespace

std::string ToString(const SymbolicShape& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i != 0) text += ", ";
    text += shape[i].ToString();
  }
  return text + "]";
}

Shape Evaluate(const SymbolicShape& shape, const Bindings& bindings) {
  std::vector<int64_t> sizes;
  for (const Dim& dim : shape) sizes.push_back(dim.Eval(bindings));
  return Shape(sizes);
}

void Operands::RequireCount(size_t low, size_t high) const {
  if (size() >= low && size() <= high) return;
  Fail(ErrorCode::kBadData, op_, "wants {} inputs, got {}",
       low == high ? fmt::format("{}", low) : fmt::format("{} to {}", low, high), size());
}

void Operands::RequireRank(size_t i, size_t rank) const {
  if (shape(i).size() == rank) return;
  FailAt(i, "wants {} axes, got {}", rank, ToString(shape(i)));
}

int64_t Operands::RequireConstant(size_t i, size_t axis) const {
  const Dim& dim = shape(i)[axis];
  if (!dim.IsConstant()) FailAt(i, "wants axis {} known, got {}", axis, ToString(shape(i)));
  return dim.constant();
}

void Operands::RequireShape(size_t i, std::initializer_list<int64_t> sizes) const {
  const SymbolicShape wanted(sizes.begin(), sizes.end());
  if (shape(i) != wanted) FailAt(i, "wants {}, got {}", ToString(wanted), ToString(shape(i)));
}

void Operands::RequireAttribute(std::string_view attribute, int64_t value, int64_t low,
                                int64_t high) const {
  if (value >= low && value <= high) return;
  Fail(ErrorCode::kBadData, op_, "wants {} from {} to {}, got {}", attribute, low, high, value);
}

void Operands::RequireSize(std::string_view attribute, const Size2d& size) const {
  RequireAttribute(attribute, size.h, 1, kLargestSize);
  RequireAttribute(attribute, size.w, 1, kLargestSize);
}

void Operands::RequirePadding(const Padding2d& padding) const {
  for (const int64_t side : {padding.top, padding.left, padding.bottom, padding.right}) {
    RequireAttribute("padding", side, 0, kLargestSize);
  }
}

Dim SlideWindow(const Operands& in, const Dim& size, int64_t padding, int64_t kernel,
                int64_t stride, int64_t dilation) {
  const int64_t reach = dilation * (kernel - 1) + 1;
  const Dim out = size.Apply(1, padding - reach, stride) + 1;
  if (out.IsConstant() && out.constant() < 1) {
    in.FailAt(0, "of size {} is smaller than the window of {}", size.ToString(), reach - padding);
  }
  return out;
}

}  // namespace gan::core
