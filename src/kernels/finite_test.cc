#include "kernels/finite.h"

#include <gtest/gtest.h>

#include <limits>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(Finite, OneBadElementAnywhereIsFound) {
  Random random(6);
  ThreadPool pool(2);
  const float bad[] = {std::nanf(""), -std::nanf(""), std::numeric_limits<float>::infinity(),
                       -std::numeric_limits<float>::infinity()};
  for (int64_t width = 1; width <= 40; ++width) {
    Tensor x = RandomTensor({1, 1, 1, width}, random, 1e38f);
    for (float& value : x.floats()) value = std::isfinite(value) ? value : 1.0f;
    OnEveryTarget([&] {
      EXPECT_TRUE(AllFinite(x.view(), pool));
      for (int64_t at = 0; at < width; ++at) {
        const float before = x.floats()[at];
        x.floats()[at] = bad[at % 4];
        EXPECT_FALSE(AllFinite(x.view(), pool)) << at;
        x.floats()[at] = before;
      }
    });
  }
}

TEST(Finite, LargestNumbersAreFiniteAndGapsAreNotLookedAt) {
  ThreadPool pool(2);
  Tensor x = Tensor::Zeros(DType::kF32, {2, 3, 4});
  x.floats()[0] = std::numeric_limits<float>::max();
  x.floats()[1] = -std::numeric_limits<float>::max();
  x.floats()[3] = std::nanf("");
  OnEveryTarget([&] {
    EXPECT_FALSE(AllFinite(x.view(), pool));
    EXPECT_TRUE(AllFinite(x.view().Slice(2, 0, 3), pool));
    EXPECT_TRUE(AllFinite(x.view().Slice(1, 0, 0), pool));
  });
}

}  // namespace
}  // namespace gan::core::kernels
