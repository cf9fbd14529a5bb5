#include "kernels/linear.h"

#include <gtest/gtest.h>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(Linear, EverySizeAgainstTheReference) {
  Random random(14);
  ThreadPool pool(2);
  for (const int64_t pictures : {1, 3}) {
    for (const int64_t outputs : {1, 7, 40}) {
      for (int64_t inputs = 1; inputs <= 70; ++inputs) {
        SCOPED_TRACE(inputs);
        const GappedTensor x(RandomTensor({pictures, inputs}, random));
        const GappedTensor weight(RandomTensor({outputs, inputs}, random, 0.2f));
        const Tensor bias = RandomTensor({outputs}, random);
        Tensor wanted(DType::kF32, {pictures, outputs});
        reference::Linear(x.view(), weight.view(), bias.view(), wanted.view());
        OnEveryTarget([&] {
          GappedTensor got(wanted.shape());
          Linear(x.view(), weight.view(), bias.view(), got.view(), pool);
          ExpectClose(got.Values().floats(), wanted.floats(), 3e-6f);
          EXPECT_EQ(got.DamagedGaps(), 0u);
        });
      }
    }
  }
}

TEST(Linear, KnownResultAndNaN) {
  ThreadPool pool(1);
  const Tensor x = Tensor::FromFloats({2, 2}, std::vector<float>{1, 2, std::nanf(""), 1});
  const Tensor weight = Tensor::FromFloats({2, 2}, std::vector<float>{10, 1, 0, 5});
  OnEveryTarget([&] {
    Tensor out(DType::kF32, {2, 2});
    Linear(x.view(), weight.view(), {}, out.view(), pool);
    EXPECT_EQ(out.floats()[0], 12);
    EXPECT_EQ(out.floats()[1], 10);
    EXPECT_TRUE(std::isnan(out.floats()[2]));
    EXPECT_TRUE(std::isnan(out.floats()[3]));
  });
}

}  // namespace
}  // namespace gan::core::kernels
