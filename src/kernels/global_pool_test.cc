#include "kernels/global_pool.h"

#include <gtest/gtest.h>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(GlobalPool, EverySizeAgainstTheReference) {
  Random random(25);
  ThreadPool pool(2);
  for (const PoolKind kind : {PoolKind::kMax, PoolKind::kAverage}) {
    for (int64_t width = 1; width <= 40; ++width) {
      Tensor values = RandomTensor({2, 3, 41 - width, width}, random);
      values.floats()[static_cast<size_t>(width - 1)] = std::nanf("");
      const GappedTensor x(values);
      Tensor wanted(DType::kF32, {2, 3, 1, 1});
      reference::GlobalPool(x.view(), kind, wanted.view());
      EXPECT_TRUE(std::isnan(wanted.floats()[0]));
      OnEveryTarget([&] {
        GappedTensor got(wanted.shape());
        GlobalPool(x.view(), kind, got.view(), pool);
        ExpectClose(got.Values().floats(), wanted.floats(), 1e-6f);
        EXPECT_EQ(got.DamagedGaps(), 0u);
        // The same elements without gaps, so in longer runs of memory.
        Tensor packed(DType::kF32, wanted.shape());
        GlobalPool(values.view(), kind, packed.view(), pool);
        ExpectSameBits(packed.floats(), got.Values().floats());
      });
    }
  }
}

TEST(GlobalPool, KnownResults) {
  ThreadPool pool(1);
  const Tensor x = Tensor::FromFloats({1, 2, 1, 2}, std::vector<float>{1, 3, -5, -7});
  OnEveryTarget([&] {
    Tensor out(DType::kF32, {1, 2, 1, 1});
    GlobalPool(x.view(), PoolKind::kAverage, out.view(), pool);
    ExpectSameBits(out.floats(), std::vector<float>{2, -6});
    GlobalPool(x.view(), PoolKind::kMax, out.view(), pool);
    ExpectSameBits(out.floats(), std::vector<float>{3, -5});
  });
}

}  // namespace
}  // namespace gan::core::kernels
