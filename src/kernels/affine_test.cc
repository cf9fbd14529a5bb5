#include "kernels/affine.h"

#include <gtest/gtest.h>

#include <limits>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(Affine, FollowsTheFormulaOnViewsWithGaps) {
  Random random(2);
  ThreadPool pool(2);
  for (int64_t width = 1; width <= 40; ++width) {
    const GappedTensor x(RandomTensor({2, 3, 2, width}, random));
    Tensor wanted(DType::kF32, x.view().shape);
    reference::Affine(x.view(), 0.2f, -1.5f, wanted.view());
    EXPECT_EQ(wanted.floats()[0], x.Values().floats()[0] * 0.2f - 1.5f);
    OnEveryTarget([&] {
      GappedTensor got(x.view().shape);
      Affine(x.view(), 0.2f, -1.5f, got.view(), pool);
      ExpectClose(got.Values().floats(), wanted.floats(), 2e-7f);
      EXPECT_EQ(got.DamagedGaps(), 0u);
    });
  }
}

TEST(Affine, WorksInPlaceAndKeepsNaNAndInfinity) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  ThreadPool pool(1);
  OnEveryTarget([&] {
    Tensor x = Tensor::FromFloats({4}, std::vector<float>{1, std::nanf(""), kInfinity, 2});
    Affine(x.view(), 2, 1, x.view(), pool);
    EXPECT_EQ(x.floats()[0], 3);
    EXPECT_TRUE(std::isnan(x.floats()[1]));
    EXPECT_EQ(x.floats()[2], kInfinity);
    EXPECT_EQ(x.floats()[3], 5);
  });
}

}  // namespace
}  // namespace gan::core::kernels
