#include "kernels/matmul.h"

#include <algorithm>

#include "base/error.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/matmul.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

// Once, not once per target.
#ifndef GAN_KERNELS_MATMUL_BLOCK_
#define GAN_KERNELS_MATMUL_BLOCK_
namespace gan::core::kernels {

// Columns that are worked on together, side by side in vectors: two of the widest there are.
inline constexpr int64_t kColumns = 32;
// Rows whose sums are kept in registers at once, of two vectors each: the twelve sums, two vectors
// of columns and one of a factor are 15 of the 16 registers of AVX2.
inline constexpr int64_t kRows = 6;
// Rows that a thread takes at once, after it packed the columns.
inline constexpr int64_t kRowsPerItem = 20 * kRows;

// Some rows by some columns of one product.
struct MatMulBlock {
  const float* a;               // the first row
  const float* columns;         // [terms, kColumns], packed
  float* out;                   // the first row, at the first column
  int64_t rows, terms, length;  // length: columns, up to kColumns
  int64_t out_stride;
};

}  // namespace gan::core::kernels
#endif  // GAN_KERNELS_MATMUL_BLOCK_

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
namespace {

// `count` rows from `row` on, two vectors of columns from `column` on. Columns past the end are
// zeros in the pack and are dropped here.
template <int64_t count>
void SumRows(const MatMulBlock& block, int64_t row, int64_t column) {
  const Floats32 d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  hn::VFromD<Floats32> left[count], right[count];
  for (int64_t r = 0; r < count; ++r) left[r] = right[r] = hn::Zero(d);
  const float* a = block.a + row * block.terms;
  const float* from = block.columns + column;
  for (int64_t k = 0; k < block.terms; ++k, from += kColumns) {
    const auto b_left = hn::Load(d, from), b_right = hn::Load(d, from + lanes);
    for (int64_t r = 0; r < count; ++r) {
      const auto factor = hn::Set(d, a[r * block.terms + k]);
      left[r] = hn::MulAdd(factor, b_left, left[r]);
      right[r] = hn::MulAdd(factor, b_right, right[r]);
    }
  }
  const auto some = [&](int64_t at) {
    return static_cast<size_t>(std::clamp<int64_t>(block.length - at, 0, lanes));
  };
  for (int64_t r = 0; r < count; ++r) {
    float* to = block.out + (row + r) * block.out_stride + column;
    StoreSome(left[r], d, to, some(column));
    if (some(column + lanes) > 0) StoreSome(right[r], d, to + lanes, some(column + lanes));
  }
}

}  // namespace

void RunMatMulBlock(const MatMulBlock& block) {
  const auto step = static_cast<int64_t>(2 * hn::Lanes(Floats32()));
  for (int64_t column = 0; column < block.length; column += step) {
    int64_t row = 0;
    for (; row + kRows <= block.rows; row += kRows) SumRows<kRows>(block, row, column);
    for (; row < block.rows; ++row) SumRows<1>(block, row, column);
  }
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(RunMatMulBlock);

namespace {

bool Repeats(const Shape& some, const Shape& all) {
  if (some.rank() != all.rank()) return false;
  for (size_t axis = 0; axis + 2 < all.rank(); ++axis) {
    if (some[axis] != all[axis] && some[axis] != 1) return false;
  }
  return true;
}

// Where matrix number `i` of `all` begins in a contiguous view that repeats along axes of 1.
int64_t OffsetOf(const ConstTensorView& view, const Shape& all, int64_t i) {
  int64_t offset = 0;
  for (size_t axis = all.rank() - 2; axis-- > 0;) {
    if (view.shape[axis] != 1) offset += i % all[axis] * view.strides[axis];
    i /= all[axis];
  }
  return offset;
}

}  // namespace

size_t MatMulWorkspaceBytes(int64_t terms, int threads) {
  return static_cast<size_t>(terms) * kColumns * sizeof(float) * static_cast<size_t>(threads);
}

void MatMul(const ConstTensorView& a, const ConstTensorView& b, const TensorView& out,
            std::span<std::byte> workspace, ThreadPool& pool) {
  const Shape& shape = out.shape;
  const size_t rank = shape.rank();
  GAN_ASSERT(rank >= 2 && Repeats(a.shape, shape) && Repeats(b.shape, shape));
  const int64_t rows = shape[rank - 2], columns = shape[rank - 1], terms = a.shape[rank - 1];
  GAN_ASSERT(a.shape[rank - 2] == rows && b.shape[rank - 2] == terms);
  GAN_ASSERT(b.shape[rank - 1] == columns);
  GAN_ASSERT(a.IsContiguous() && b.IsContiguous() && out.IsContiguous());
  if (ReferenceChosen()) return reference::MatMul(a, b, out);
  GAN_ASSERT(workspace.size() >= MatMulWorkspaceBytes(terms, pool.threads()));
  const int64_t across = (columns + kColumns - 1) / kColumns;
  const int64_t down = (rows + kRowsPerItem - 1) / kRowsPerItem;
  int64_t matrices = 1;
  for (size_t axis = 0; axis + 2 < rank; ++axis) matrices *= shape[axis];
  pool.ParallelFor(matrices * across * down, [&](int64_t item, int thread) {
    const int64_t row = item % down * kRowsPerItem, column = item / down % across * kColumns;
    const int64_t matrix = item / down / across, length = std::min(kColumns, columns - column);
    float* packed = reinterpret_cast<float*>(workspace.data()) + int64_t{thread} * terms * kColumns;
    const float* from = Floats(b) + OffsetOf(b, shape, matrix) + column;
    for (int64_t k = 0; k < terms; ++k) {
      float* to = std::copy_n(from + k * columns, length, packed + k * kColumns);
      std::fill_n(to, kColumns - length, 0.0f);
    }
    HWY_DYNAMIC_DISPATCH(RunMatMulBlock)
    ({.a = Floats(a) + OffsetOf(a, shape, matrix) + row * terms,
      .columns = packed,
      .out = Floats(out) + (matrix * rows + row) * columns + column,
      .rows = std::min(kRowsPerItem, rows - row),
      .terms = terms,
      .length = length,
      .out_stride = columns});
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
