// A plain walk over every element of a shape, for the reference kernels: clear, not fast.
#ifndef GAN_KERNELS_REFERENCE_ELEMENTS_H_
#define GAN_KERNELS_REFERENCE_ELEMENTS_H_

#include <array>
#include <cstdint>

#include "tensor/tensor.h"

namespace gan::core::kernels::reference {

using Index = std::array<int64_t, Shape::kMaxRank>;

inline int64_t OffsetOf(const Index& index, const Strides& strides, size_t rank) {
  int64_t offset = 0;
  for (size_t axis = 0; axis < rank; ++axis) offset += index[axis] * strides[axis];
  return offset;
}

// Calls body(index) for every element, the last axis fastest.
template <class Body>
void ForEachElement(const Shape& shape, const Body& body) {
  Index index{};
  for (int64_t i = 0; i < shape.elements(); ++i) {
    int64_t rest = i;
    for (size_t axis = shape.rank(); axis-- > 0;) {
      index[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    body(index);
  }
}

// The element of a view at an index.
inline const float& At(const ConstTensorView& view, const Index& index) {
  return Floats(view)[OffsetOf(index, view.strides, view.shape.rank())];
}
inline float& At(const TensorView& view, const Index& index) {
  return Floats(view)[OffsetOf(index, view.strides, view.shape.rank())];
}

}  // namespace gan::core::kernels::reference

#endif  // GAN_KERNELS_REFERENCE_ELEMENTS_H_
