// Tensors: Tensor holds memory, the views never do.
#ifndef GAN_TENSOR_TENSOR_H_
#define GAN_TENSOR_TENSOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "tensor/dtype.h"
#include "tensor/shape.h"

namespace gan::core {

// Distance between neighbours along each axis, in elements.
using Strides = std::array<int64_t, Shape::kMaxRank>;
Strides ContiguousStrides(const Shape& shape);

// A look at somebody else's memory. The last axis has stride 1 unless it has one element; the
// others may have any non-negative stride, so that a channel slice of a larger buffer is a view.
template <class Pointer>
struct BasicTensorView {
  Pointer data = nullptr;
  DType dtype = DType::kF32;
  Shape shape;
  Strides strides{};

  BasicTensorView() = default;
  BasicTensorView(Pointer d, DType t, const Shape& s)
      : data(d), dtype(t), shape(s), strides(ContiguousStrides(s)) {}
  BasicTensorView(Pointer d, DType t, const Shape& s, const Strides& st)
      : data(d), dtype(t), shape(s), strides(st) {}
  // A mutable view is a constant one too.
  template <class Other>
  requires std::is_convertible_v<Other, Pointer> BasicTensorView(
      const BasicTensorView<Other>& v)  // NOLINT(google-explicit-constructor)
      : data(v.data), dtype(v.dtype), shape(v.shape), strides(v.strides) {}

  bool IsContiguous() const;

  // Elements [begin, begin + count) along an axis, the same memory. Requires them to exist.
  BasicTensorView Slice(size_t axis, int64_t begin, int64_t count) const;
};

using TensorView = BasicTensorView<void*>;
using ConstTensorView = BasicTensorView<const void*>;

extern template struct BasicTensorView<void*>;
extern template struct BasicTensorView<const void*>;

// The elements of an f32 view. Requires the dtype to be f32.
float* Floats(const TensorView& view);
const float* Floats(const ConstTensorView& view);

// A contiguous array, 64-byte aligned when made here. Copies share memory; Clone() makes one of
// its own. Thread safety: as of the memory it shares.
class Tensor {
 public:
  Tensor() = default;  // no elements, shape [0]
  // Uninitialised memory. Error kBadData when it cannot be had.
  Tensor(DType dtype, const Shape& shape);
  // Memory owned by `owner`, which stays alive as long as any copy.
  Tensor(DType dtype, const Shape& shape, std::shared_ptr<void> owner, void* data);
  static Tensor Zeros(DType dtype, const Shape& shape);
  static Tensor FromFloats(const Shape& shape, std::span<const float> values);

  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  size_t bytes() const { return static_cast<size_t>(shape_.elements()) * SizeOf(dtype_); }
  std::span<std::byte> raw() { return {static_cast<std::byte*>(data_), bytes()}; }
  std::span<const std::byte> raw() const { return {static_cast<const std::byte*>(data_), bytes()}; }
  std::span<float> floats();  // requires f32
  std::span<const float> floats() const;

  TensorView view() { return {data_, dtype_, shape_}; }
  ConstTensorView view() const { return {data_, dtype_, shape_}; }

  Tensor Clone() const;
  // The same elements as f32: this tensor itself when it is f32 already.
  Tensor ToFloat() const;
  // The same memory under other sizes. Requires as many elements.
  Tensor Reshaped(const Shape& shape) const;

 private:
  DType dtype_ = DType::kF32;
  Shape shape_{0};
  std::shared_ptr<void> owner_;
  void* data_ = nullptr;
};

// Copies element for element between views of one dtype and shape, whatever their strides.
void CopyElements(const ConstTensorView& from, const TensorView& to);

}  // namespace gan::core

#endif  // GAN_TENSOR_TENSOR_H_
