#include "formats/onnx_numbers.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

#include "base/checked.h"

namespace gan::core {
namespace {

constexpr size_t kMostSizes = 4096;      // longer lists of whole numbers are no sizes
constexpr uint64_t kNumbersOfSize = 20;  // what one takes, beside a number with fractions

// Strides of `from` when it is read as `to`: 0 along axes that are repeated. Nothing where it does
// not fit.
std::optional<Strides> Broadcast(const Shape& from, const Shape& to) {
  if (from.rank() > to.rank()) return std::nullopt;
  const Strides own = ContiguousStrides(from);
  Strides out{};
  const size_t gap = to.rank() - from.rank();
  for (size_t axis = 0; axis < from.rank(); ++axis) {
    if (from[axis] != 1 && from[axis] != to[gap + axis]) return std::nullopt;
    out[gap + axis] = from[axis] == 1 ? 0 : own[axis];
  }
  return out;
}

// Calls visit(place) with the place of each element of a view, in the order of its elements.
template <class Visit>
void ForEachPlace(const Shape& shape, int64_t first, const Strides& strides, const Visit& visit) {
  std::array<int64_t, Shape::kMaxRank> index{};
  int64_t place = first;
  for (int64_t left = shape.elements(); left > 0; --left) {
    visit(static_cast<size_t>(place));
    for (size_t axis = shape.rank(); axis-- > 0;) {
      place += strides[axis];
      if (++index[axis] < shape[axis]) break;
      place -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

}  // namespace

std::optional<OnnxNumbers> OnnxNumbersOf(const Tensor& tensor) {
  OnnxNumbers out{.shape = tensor.shape()};
  if (IsFloating(tensor.dtype())) {
    out.floats = tensor.ToFloat();
    return out;
  }
  const auto count = static_cast<size_t>(tensor.shape().elements());
  if (count > kMostSizes) return std::nullopt;
  out.whole = true;
  for (size_t i = 0; i < count; ++i) {
    const std::byte* from = tensor.raw().data() + i * SizeOf(tensor.dtype());
    int64_t wide = 0;
    int32_t narrow = 0;
    bool truth = false;
    switch (tensor.dtype()) {
      case DType::kI64: std::memcpy(&wide, from, sizeof wide); break;
      case DType::kI32: std::memcpy(&narrow, from, sizeof narrow), wide = narrow; break;
      case DType::kBool: truth = *from != std::byte{0}, wide = truth ? 1 : 0; break;
      default: return std::nullopt;
    }
    out.sizes.emplace_back(wide);
  }
  return out;
}

bool AllConstant(const std::vector<Dim>& sizes) {
  return std::ranges::all_of(sizes, [](const Dim& dim) { return dim.IsConstant(); });
}

OnnxValue OnnxValueOf(OnnxNumbers numbers) {
  if (!numbers.whole) return numbers.floats;
  if (!AllConstant(numbers.sizes)) {
    return OnnxSizes{numbers.shape, std::move(numbers.sizes), numbers.is_fraction};
  }
  Tensor out(numbers.is_fraction ? DType::kF32 : DType::kI64, numbers.shape);
  for (size_t i = 0; i < numbers.sizes.size(); ++i) {
    const int64_t number = numbers.sizes[i].constant();
    if (numbers.is_fraction) {
      out.floats()[i] = static_cast<float>(number);
    } else {
      std::memcpy(out.raw().data() + i * sizeof number, &number, sizeof number);
    }
  }
  return out;
}

std::vector<int64_t> ListOf(const Shape& shape) {
  return {shape.sizes().begin(), shape.sizes().end()};
}

Shape OnnxBroadcast(const std::vector<Shape>& shapes) {
  std::vector<int64_t> sizes;
  for (const Shape& shape : shapes) {
    if (shape.rank() > sizes.size()) sizes.insert(sizes.begin(), shape.rank() - sizes.size(), 1);
  }
  for (const Shape& shape : shapes) {
    const size_t gap = sizes.size() - shape.rank();
    for (size_t axis = 0; axis < shape.rank(); ++axis) {
      if (shape[axis] != 1) sizes[gap + axis] = shape[axis];
    }
  }
  return Shape(std::span<const int64_t>(sizes));
}

void OnnxNumberMaker::Take(const Shape& shape, bool whole) {
  const auto count = static_cast<uint64_t>(shape.elements());
  const uint64_t each = whole ? kNumbersOfSize : 1;
  if ((whole && count > kMostSizes) || count > room_ / each) {
    node_.FailHere("makes {} numbers, more than its weights explain", count);
  }
  room_ -= count * each;
}

OnnxNumbers OnnxNumberMaker::Picked(const OnnxNumbers& from, const Shape& shape, int64_t first,
                                    const Strides& strides) {
  Take(shape, from.whole);
  OnnxNumbers out{shape, from.whole, from.is_fraction, {}, {}};
  if (from.whole) {
    out.sizes.reserve(static_cast<size_t>(shape.elements()));
    ForEachPlace(shape, first, strides,
                 [&](size_t place) { out.sizes.push_back(from.sizes[place]); });
    return out;
  }
  out.floats = Tensor(DType::kF32, shape);
  float* to = out.floats.floats().data();
  const std::span<const float> numbers = from.floats.floats();
  ForEachPlace(shape, first, strides, [&](size_t place) { *to++ = numbers[place]; });
  return out;
}

OnnxNumbers OnnxNumberMaker::Joined(const std::vector<OnnxNumbers>& parts, size_t axis) {
  std::vector<int64_t> sizes = ListOf(parts[0].shape);
  for (size_t i = 1; i < parts.size(); ++i) {
    const OnnxNumbers& part = parts[i];
    bool fits = part.whole == parts[0].whole && part.shape.rank() == sizes.size();
    for (size_t a = 0; fits && a < sizes.size(); ++a) {
      fits = a == axis || part.shape[a] == sizes[a];
    }
    if (!fits) node_.FailHere("joins numbers that do not fit each other");
    sizes[axis] += part.shape[axis];
  }
  OnnxNumbers out{
      Shape(std::span<const int64_t>(sizes)), parts[0].whole, parts[0].is_fraction, {}, {}};
  Take(out.shape, out.whole);
  const int64_t outer = CheckedProduct(std::span(sizes).first(axis)).value_or(0);
  if (!out.whole) out.floats = Tensor(DType::kF32, out.shape);
  float* to = out.whole ? nullptr : out.floats.floats().data();
  for (int64_t at = 0; at < outer; ++at) {
    for (const OnnxNumbers& part : parts) {
      const auto count = static_cast<size_t>(part.shape.elements() / outer);
      const size_t first = static_cast<size_t>(at) * count;
      for (size_t i = first; i < first + count; ++i) {
        if (out.whole) {
          out.sizes.push_back(part.sizes[i]);
        } else {
          *to++ = part.floats.floats()[i];
        }
      }
    }
  }
  return out;
}

OnnxNumbers OnnxNumberMaker::Spread(const OnnxNumbers& from, const Shape& shape) {
  if (from.shape == shape) return from;
  const std::optional<Strides> strides = Broadcast(from.shape, shape);
  if (!strides) {
    node_.FailHere("{} does not fit {}", from.shape.ToString(), shape.ToString());
  }
  return Picked(from, shape, 0, *strides);
}

OnnxNumbers OnnxNumberMaker::Under(OnnxNumbers numbers, const std::vector<int64_t>& sizes) const {
  if (sizes.size() > Shape::kMaxRank) node_.FailHere("has more than 8 axes");
  const Shape shape{std::span<const int64_t>(sizes)};
  if (shape.elements() != numbers.shape.elements()) {
    node_.FailHere("makes {} of {}", shape.ToString(), numbers.shape.ToString());
  }
  numbers.shape = shape;
  if (!numbers.whole) numbers.floats = numbers.floats.Reshaped(shape);
  return numbers;
}

}  // namespace gan::core
