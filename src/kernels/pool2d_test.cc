#include "kernels/pool2d.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/error.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(Pool2d, EveryParameterAgainstTheReference) {
  Random random(24);
  ThreadPool pool(2);
  for (const PoolKind kind : {PoolKind::kMax, PoolKind::kAverage}) {
    for (const bool count_padding : {false, true}) {
      for (int64_t kernel = 1; kernel <= 4; ++kernel) {
        for (int64_t stride = 1; stride <= 3; ++stride) {
          for (int64_t width = 4; width <= 21; width += 3) {
            SCOPED_TRACE(testing::Message() << kernel << " " << stride << " " << width);
            Pool2dParams p{kind, kernel, 5 - kernel, stride, 4 - stride, {}, count_padding};
            p.padding = {kernel - 1, (4 - kernel) / 2, 0, 4 - kernel};
            Tensor values = RandomTensor({2, 2, 9, width}, random);
            values.floats()[20] = std::nanf("");
            const GappedTensor x(values);
            const Shape shape{
                2, 2, (9 + p.padding.top - p.kernel_h) / p.stride_h + 1,
                (width + p.padding.left + p.padding.right - p.kernel_w) / p.stride_w + 1};
            Tensor wanted(DType::kF32, shape);
            reference::Pool2d(x.view(), p, wanted.view());
            GappedTensor got(shape);
            Pool2d(x.view(), p, got.view(), pool);
            ExpectClose(got.Values().floats(), wanted.floats(),
                        kind == PoolKind::kMax ? 0.0f : 1e-6f);
            EXPECT_EQ(got.DamagedGaps(), 0u);
          }
        }
      }
    }
  }
}

TEST(Pool2d, KnownResults) {
  ThreadPool pool(1);
  const Tensor x = Tensor::FromFloats({1, 1, 1, 4}, std::vector<float>{1, -2, 3, 5});
  OnEveryTarget([&] {
    Tensor out(DType::kF32, {1, 1, 1, 3});
    Pool2dParams p{PoolKind::kMax, 1, 2, 1, 2, {0, 1, 0, 1}, true};
    Pool2d(x.view(), p, out.view(), pool);
    ExpectSameBits(out.floats(), std::vector<float>{1, 3, 5});
    p.kind = PoolKind::kAverage;
    Pool2d(x.view(), p, out.view(), pool);
    ExpectSameBits(out.floats(), std::vector<float>{0.5f, 0.5f, 2.5f});
    p.count_padding = false;
    Pool2d(x.view(), p, out.view(), pool);
    ExpectSameBits(out.floats(), std::vector<float>{1, 0.5f, 5});
  });
}

TEST(Pool2d, AWindowFarLargerThanThePicture) {
  Random random(26);
  ThreadPool pool(1);
  const Tensor x = RandomTensor({1, 1, 3, 4}, random);
  constexpr int64_t kLarge = 1 << 16;
  const Pool2dParams p{PoolKind::kAverage,
                       kLarge,
                       kLarge,
                       1,
                       1,
                       {kLarge / 2, kLarge / 2, kLarge / 2, kLarge / 2},
                       false};
  Tensor out(DType::kF32, {1, 1, 4, 5});
  Pool2d(x.view(), p, out.view(), pool);
  const float sum = std::accumulate(x.floats().begin(), x.floats().end(), 0.0f);
  EXPECT_NEAR(out.floats()[7], sum / 12, 1e-6f);
}

TEST(Pool2d, RefusesPaddingThatFillsAWindow) {
  ThreadPool pool(1);
  const Tensor x = Tensor::Zeros(DType::kF32, {1, 1, 4, 4});
  Tensor out(DType::kF32, {1, 1, 4, 5});
  EXPECT_THROW(Pool2d(x.view(), {PoolKind::kMax, 1, 1, 1, 1, {0, 1, 0, 0}, true}, out.view(), pool),
               Error);
}

}  // namespace
}  // namespace gan::core::kernels
