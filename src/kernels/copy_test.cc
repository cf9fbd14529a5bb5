#include "kernels/copy.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(Copy, BetweenViewsOfAnyStrides) {
  Random random(15);
  ThreadPool pool(3);
  for (const Shape& shape : {Shape{1}, Shape{3, 5}, Shape{2, 3, 1, 1}, Shape{2, 3, 7, 9},
                             Shape{1, 2, 300, 129}, Shape{1, 0, 2, 2}}) {
    const Tensor values = RandomTensor(shape, random);
    const GappedTensor x(values);
    GappedTensor spread(shape);
    Copy(x.view(), spread.view(), pool);
    ExpectSameBits(spread.Values().floats(), values.floats());
    EXPECT_EQ(spread.DamagedGaps(), 0u);
    Tensor packed(DType::kF32, shape);
    Copy(x.view(), packed.view(), pool);
    ExpectSameBits(packed.floats(), values.floats());
  }
}

TEST(Copy, RefusesAnotherShape) {
  ThreadPool pool(1);
  Tensor a = Tensor::Zeros(DType::kF32, {2, 3}), b = Tensor::Zeros(DType::kF32, {3, 2});
  EXPECT_THROW(Copy(a.view(), b.view(), pool), Error);
}

}  // namespace
}  // namespace gan::core::kernels
