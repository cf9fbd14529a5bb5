#include "kernels/transpose.h"

#include <algorithm>
#include <cstddef>

#include "base/error.h"

namespace gan::core::kernels {
namespace {

// Sides of the squares in which two axes change places: 32 lines of cache each way stay in L1.
constexpr int64_t kSide = 32;

// Seen from the output: `along` is its last axis, whose neighbours are `from_along` apart in the
// input; `across` is the axis of the input's neighbours, which are `to_across` apart in the output.
struct Square {
  int64_t along = 1, across = 1;
  int64_t from_along = 1, from_across = 1, to_across = 1;
};

void MoveSquare(const float* from, float* to, const Square& square, int64_t along, int64_t across) {
  const int64_t end_along = std::min(square.along, along + kSide);
  const int64_t end_across = std::min(square.across, across + kSide);
  for (int64_t i = across; i < end_across; ++i) {
    for (int64_t j = along; j < end_along; ++j) {
      to[i * square.to_across + j] = from[i * square.from_across + j * square.from_along];
    }
  }
}

}  // namespace

void Transpose(const ConstTensorView& x, std::span<const int64_t> order, const TensorView& out,
               ThreadPool& pool) {
  const Shape& shape = out.shape;
  const size_t rank = shape.rank(), last = rank - 1;
  GAN_ASSERT(rank >= 1 && x.shape.rank() == rank && order.size() == rank);
  GAN_ASSERT(x.IsContiguous() && out.IsContiguous());
  Strides from{};  // of the input, along the axes of the output
  for (size_t axis = 0; axis < rank; ++axis) {
    const auto in_x = static_cast<size_t>(order[axis]);
    GAN_ASSERT(in_x < rank && x.shape[in_x] == shape[axis]);
    from[axis] = x.strides[in_x];
  }
  // Where the last axis stays, the one before it goes across: each row of a square is a copy.
  size_t across = rank == 1 ? 0 : last - 1;
  for (size_t axis = 0; axis < last; ++axis) {
    if (static_cast<size_t>(order[axis]) == last) across = axis;
  }
  Square square{.along = shape[last], .from_along = from[last]};
  if (across != last) {
    square.across = shape[across];
    square.from_across = from[across], square.to_across = out.strides[across];
  }
  const int64_t wide = (square.along + kSide - 1) / kSide;
  const int64_t high = (square.across + kSide - 1) / kSide;
  int64_t others = 1;
  for (size_t axis = 0; axis < last; ++axis) others *= axis == across ? 1 : shape[axis];
  ShareOut(&pool, others * wide * high, [&](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; ++item) {
      int64_t rest = item / wide / high, in = 0, at = 0;
      for (size_t axis = last; axis-- > 0;) {
        if (axis == across) continue;
        in += rest % shape[axis] * from[axis];
        at += rest % shape[axis] * out.strides[axis];
        rest /= shape[axis];
      }
      MoveSquare(Floats(x) + in, Floats(out) + at, square, item % wide * kSide,
                 item / wide % high * kSide);
    }
  });
}

}  // namespace gan::core::kernels
