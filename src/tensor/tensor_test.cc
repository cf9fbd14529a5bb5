#include "tensor/tensor.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

Tensor Counting(const Shape& shape) {
  Tensor t(DType::kF32, shape);
  std::iota(t.floats().begin(), t.floats().end(), 0.0f);
  return t;
}

TEST(Tensor, CopiesShareClonesDoNot) {
  Tensor a = Counting({2, 3});
  Tensor shared = a;
  Tensor own = a.Clone();
  a.floats()[0] = 9;
  EXPECT_EQ(shared.floats()[0], 9);
  EXPECT_EQ(own.floats()[0], 0);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(a.raw().data()) % 64, 0u);
}

TEST(Tensor, SliceIsAViewOfTheSameMemory) {
  Tensor a = Counting({1, 4, 2, 3});
  const TensorView slice = a.view().Slice(1, 1, 2);
  EXPECT_EQ(slice.shape, (Shape{1, 2, 2, 3}));
  EXPECT_EQ(Floats(slice)[0], 6);
  EXPECT_TRUE(slice.IsContiguous());
  EXPECT_FALSE(a.view().Slice(2, 0, 1).IsContiguous());
  EXPECT_THROW(a.view().Slice(1, 3, 2), Error);
}

TEST(Tensor, CopyElementsFollowsStrides) {
  Tensor a = Counting({2, 3, 4});
  Tensor out = Tensor::Zeros(DType::kF32, {2, 2, 2});
  CopyElements(a.view().Slice(1, 1, 2).Slice(2, 2, 2), out.view());
  EXPECT_EQ(std::vector<float>(out.floats().begin(), out.floats().end()),
            (std::vector<float>{6, 7, 10, 11, 18, 19, 22, 23}));
  // A transposed view: the last axis is strided.
  const ConstTensorView turned(a.raw().data(), DType::kF32, Shape{4, 3}, Strides{1, 4});
  Tensor t(DType::kF32, {4, 3});
  CopyElements(turned, t.view());
  EXPECT_EQ(t.floats()[1], 4);
  EXPECT_EQ(t.floats()[3], 1);
}

TEST(Tensor, ToFloatConverts) {
  Tensor half(DType::kF16, {2});
  reinterpret_cast<uint16_t*>(half.raw().data())[0] = HalfFromFloat(1.5f);
  reinterpret_cast<uint16_t*>(half.raw().data())[1] = HalfFromFloat(-2.0f);
  EXPECT_EQ(half.ToFloat().floats()[0], 1.5f);
  EXPECT_EQ(half.ToFloat().floats()[1], -2.0f);
}

TEST(Tensor, RefusesTheImpossible) {
  EXPECT_THROW(Tensor(DType::kF32, {int64_t{1} << 61}), Error);
  EXPECT_THROW(Tensor(DType::kF32, {int64_t{1} << 55}), Error);
}

}  // namespace
}  // namespace gan::core
