#include "tensor/tensor.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/checked.h"
#include "base/error.h"

namespace gan::core {
namespace {

constexpr size_t kAlignment = 64;  // a cache line, and the widest vector

// From this many bytes on, memory is asked for in huge pages: rows of a picture lie far apart, and
// the processor knows the addresses of a few thousand pages at a time only.
constexpr int64_t kLarge = int64_t{4} << 20;
constexpr size_t kHugePage = size_t{2} << 20;

template <class From, class Convert>
void ConvertAll(const void* from, std::span<float> to, const Convert& convert) {
  const From* in = static_cast<const From*>(from);
  for (size_t i = 0; i < to.size(); ++i) to[i] = convert(in[i]);
}

template <class From>
void CastAll(const void* from, std::span<float> to) {
  ConvertAll<From>(from, to, [](From x) { return static_cast<float>(x); });
}

}  // namespace

Strides ContiguousStrides(const Shape& shape) {
  Strides strides{};
  int64_t step = 1;
  for (size_t axis = shape.rank(); axis-- > 0;) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

template <class Pointer>
bool BasicTensorView<Pointer>::IsContiguous() const {
  if (shape.elements() == 0) return true;
  const Strides wanted = ContiguousStrides(shape);
  for (size_t axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] != 1 && strides[axis] != wanted[axis]) return false;
  }
  return true;
}

template <class Pointer>
BasicTensorView<Pointer> BasicTensorView<Pointer>::Slice(size_t axis, int64_t begin,
                                                         int64_t count) const {
  GAN_ASSERT(axis < shape.rank() && begin >= 0 && count >= 0 && begin + count <= shape[axis]);
  std::array<int64_t, Shape::kMaxRank> sizes{};
  for (size_t i = 0; i < shape.rank(); ++i) sizes[i] = i == axis ? count : shape[i];
  using Byte = std::conditional_t<std::is_const_v<std::remove_pointer_t<Pointer>>, const std::byte,
                                  std::byte>;
  Pointer start =
      static_cast<Byte*>(data) + static_cast<size_t>(begin * strides[axis]) * SizeOf(dtype);
  return {start, dtype, Shape(std::span<const int64_t>(sizes.data(), shape.rank())), strides};
}

template struct BasicTensorView<void*>;
template struct BasicTensorView<const void*>;

float* Floats(const TensorView& view) {
  GAN_ASSERT(view.dtype == DType::kF32);
  return static_cast<float*>(view.data);
}

const float* Floats(const ConstTensorView& view) {
  GAN_ASSERT(view.dtype == DType::kF32);
  return static_cast<const float*>(view.data);
}

Tensor::Tensor(DType dtype, const Shape& shape) : dtype_(dtype), shape_(shape) {
  const auto size = CheckedMul<int64_t>(shape.elements(), static_cast<int64_t>(SizeOf(dtype)));
  const auto padded = size ? CheckedAdd<int64_t>(*size, kAlignment) : std::nullopt;
  if (!padded) Fail(ErrorCode::kBadData, "memory", "a tensor {} is too large", shape.ToString());
  const bool large = *size >= kLarge;
  const size_t alignment = large ? kHugePage : kAlignment;
  data_ = std::aligned_alloc(
      alignment, (static_cast<size_t>(*padded) + alignment - 1) / alignment * alignment);
#ifdef MADV_HUGEPAGE
  if (large && data_ != nullptr) madvise(data_, static_cast<size_t>(*size), MADV_HUGEPAGE);
#endif
  if (data_ == nullptr) {
    Fail(ErrorCode::kBadData, "memory", "a tensor {} needs {} bytes, which the system refuses",
         shape.ToString(), *size);
  }
  owner_ = std::shared_ptr<void>(data_, std::free);
}

Tensor::Tensor(DType dtype, const Shape& shape, std::shared_ptr<void> owner, void* data)
    : dtype_(dtype), shape_(shape), owner_(std::move(owner)), data_(data) {}

Tensor Tensor::Zeros(DType dtype, const Shape& shape) {
  Tensor out(dtype, shape);
  if (out.bytes() != 0) std::memset(out.data_, 0, out.bytes());
  return out;
}

Tensor Tensor::FromFloats(const Shape& shape, std::span<const float> values) {
  GAN_ASSERT(static_cast<size_t>(shape.elements()) == values.size());
  Tensor out(DType::kF32, shape);
  if (!values.empty()) std::memcpy(out.data_, values.data(), values.size_bytes());
  return out;
}

std::span<float> Tensor::floats() {
  GAN_ASSERT(dtype_ == DType::kF32);
  return {static_cast<float*>(data_), static_cast<size_t>(shape_.elements())};
}

std::span<const float> Tensor::floats() const {
  GAN_ASSERT(dtype_ == DType::kF32);
  return {static_cast<const float*>(data_), static_cast<size_t>(shape_.elements())};
}

Tensor Tensor::Clone() const {
  Tensor out(dtype_, shape_);
  if (bytes() != 0) std::memcpy(out.data_, data_, bytes());
  return out;
}

Tensor Tensor::ToFloat() const {
  if (dtype_ == DType::kF32) return *this;
  Tensor out(DType::kF32, shape_);
  const std::span<float> to = out.floats();
  switch (dtype_) {
    case DType::kF32: break;
    case DType::kF16: ConvertAll<uint16_t>(data_, to, FloatFromHalf); break;
    case DType::kBF16: ConvertAll<uint16_t>(data_, to, FloatFromBFloat16); break;
    case DType::kF64: CastAll<double>(data_, to); break;
    case DType::kU8: CastAll<uint8_t>(data_, to); break;
    case DType::kI8: CastAll<int8_t>(data_, to); break;
    case DType::kI16: CastAll<int16_t>(data_, to); break;
    case DType::kI32: CastAll<int32_t>(data_, to); break;
    case DType::kI64: CastAll<int64_t>(data_, to); break;
    case DType::kBool:
      ConvertAll<uint8_t>(data_, to, [](uint8_t x) { return x != 0 ? 1.0f : 0.0f; });
      break;
  }
  return out;
}

Tensor Tensor::Reshaped(const Shape& shape) const {
  GAN_ASSERT(shape.elements() == shape_.elements());
  Tensor out = *this;
  out.shape_ = shape;
  return out;
}

void CopyElements(const ConstTensorView& from, const TensorView& to) {
  GAN_ASSERT(from.dtype == to.dtype && from.shape == to.shape);
  if (from.shape.elements() == 0) return;
  const size_t size = SizeOf(from.dtype);
  const auto* in = static_cast<const std::byte*>(from.data);
  auto* out = static_cast<std::byte*>(to.data);
  if (from.IsContiguous() && to.IsContiguous()) {
    std::memcpy(out, in, static_cast<size_t>(from.shape.elements()) * size);
    return;
  }
  const size_t rank = from.shape.rank();
  const int64_t row = from.shape[rank - 1];
  const bool rows_contiguous =
      row == 1 || (from.strides[rank - 1] == 1 && to.strides[rank - 1] == 1);
  std::array<int64_t, Shape::kMaxRank> index{};
  for (;;) {
    int64_t a = 0, b = 0;
    for (size_t axis = 0; axis + 1 < rank; ++axis) {
      a += index[axis] * from.strides[axis];
      b += index[axis] * to.strides[axis];
    }
    if (rows_contiguous) {
      std::memcpy(out + static_cast<size_t>(b) * size, in + static_cast<size_t>(a) * size,
                  static_cast<size_t>(row) * size);
    } else {
      for (int64_t x = 0; x < row; ++x) {
        std::memcpy(out + static_cast<size_t>(b + x * to.strides[rank - 1]) * size,
                    in + static_cast<size_t>(a + x * from.strides[rank - 1]) * size, size);
      }
    }
    size_t axis = rank - 1;
    while (axis > 0 && ++index[axis - 1] == from.shape[axis - 1]) index[--axis] = 0;
    if (axis == 0) return;
  }
}

}  // namespace gan::core
