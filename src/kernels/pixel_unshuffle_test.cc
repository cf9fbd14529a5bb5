#include "kernels/pixel_unshuffle.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "kernels/pixel_shuffle.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(PixelUnshuffle, AgainstTheReferenceAndBack) {
  Random random(20);
  ThreadPool pool(2);
  for (int64_t factor = 1; factor <= 4; ++factor) {
    for (int64_t width = 1; width <= 20; ++width) {
      const GappedTensor x(RandomTensor({2, 3, 4 * factor, width * factor}, random));
      Tensor wanted(DType::kF32, {2, 3 * factor * factor, 4, width});
      reference::PixelUnshuffle(x.view(), factor, wanted.view());
      GappedTensor got(wanted.shape());
      PixelUnshuffle(x.view(), factor, got.view(), pool);
      ExpectSameBits(got.Values().floats(), wanted.floats());
      EXPECT_EQ(got.DamagedGaps(), 0u);
      Tensor back(DType::kF32, x.view().shape);
      PixelShuffle(got.view(), factor, back.view(), pool);
      ExpectSameBits(back.floats(), x.Values().floats());
    }
  }
}

TEST(PixelUnshuffle, KnownResult) {
  ThreadPool pool(1);
  const Tensor x = Tensor::FromFloats({1, 1, 2, 4}, std::vector<float>{1, 3, 2, 4, 5, 7, 6, 8});
  OnEveryTarget([&] {
    Tensor out(DType::kF32, {1, 4, 1, 2});
    PixelUnshuffle(x.view(), 2, out.view(), pool);
    ExpectSameBits(out.floats(), std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8});
  });
}

TEST(PixelUnshuffle, RefusesSizesThatDoNotDivide) {
  ThreadPool pool(1);
  const Tensor x = Tensor::Zeros(DType::kF32, {1, 1, 3, 2});
  Tensor out(DType::kF32, {1, 4, 1, 1});
  EXPECT_THROW(PixelUnshuffle(x.view(), 2, out.view(), pool), Error);
}

}  // namespace
}  // namespace gan::core::kernels
