#include "kernels/prelu.h"

#include <gtest/gtest.h>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(Prelu, EqualsTheReferenceToTheBit) {
  Random random(3);
  ThreadPool pool(2);
  for (const int64_t slopes : {int64_t{1}, int64_t{5}}) {
    for (int64_t width = 1; width <= 33; ++width) {
      Tensor values = RandomTensor({2, 5, 3, width}, random);
      values.floats()[0] = std::nanf("");
      const GappedTensor x(values);
      const Tensor slope = RandomTensor({slopes}, random);
      Tensor wanted(DType::kF32, values.shape());
      reference::Prelu(x.view(), slope.view(), wanted.view());
      EXPECT_TRUE(std::isnan(wanted.floats()[0]));
      OnEveryTarget([&] {
        GappedTensor got(values.shape());
        Prelu(x.view(), slope.view(), got.view(), pool);
        ExpectSameBits(got.Values().floats(), wanted.floats());
        EXPECT_EQ(got.DamagedGaps(), 0u);
        Tensor in_place = values.Clone();
        Prelu(in_place.view(), slope.view(), in_place.view(), pool);
        ExpectSameBits(in_place.floats(), wanted.floats());
      });
    }
  }
}

TEST(Prelu, TakesTheSlopeOfTheChannel) {
  ThreadPool pool(1);
  const Tensor x = Tensor::FromFloats({1, 2}, std::vector<float>{-1, -1});
  const Tensor slope = Tensor::FromFloats({2}, std::vector<float>{0.25f, 0.5f});
  OnEveryTarget([&] {
    Tensor out(DType::kF32, {1, 2});
    Prelu(x.view(), slope.view(), out.view(), pool);
    EXPECT_EQ(out.floats()[0], -0.25f);
    EXPECT_EQ(out.floats()[1], -0.5f);
  });
}

}  // namespace
}  // namespace gan::core::kernels
