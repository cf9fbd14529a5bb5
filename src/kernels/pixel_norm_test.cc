#include "kernels/pixel_norm.h"

#include <gtest/gtest.h>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(PixelNorm, KnownResults) {
  ThreadPool pool(2);
  const Tensor x = Tensor::FromFloats({2, 2}, std::vector<float>{3, 4, 0, 0});
  Tensor out(DType::kF32, x.shape());
  PixelNorm(x.view(), 1e-8f, out.view(), pool);
  const float root = std::sqrt(12.5f);
  ExpectClose(out.floats(), std::vector<float>{3 / root, 4 / root, 0, 0}, 1e-6f);
}

TEST(PixelNorm, WorksOnPicturesWithGaps) {
  Random random(44);
  ThreadPool pool(2);
  const Tensor values = RandomTensor({2, 5, 3, 4}, random);
  const GappedTensor x(values);
  GappedTensor out(values.shape());
  PixelNorm(x.view(), 1e-8f, out.view(), pool);
  EXPECT_EQ(out.DamagedGaps(), 0u);
  const Tensor got = out.Values();
  for (size_t pixel = 0; pixel < 12; ++pixel) {
    double squares = 0;
    for (size_t c = 0; c < 5; ++c) squares += std::pow(got.floats()[c * 12 + pixel], 2);
    EXPECT_NEAR(squares / 5, 1, 1e-5);
  }
}

}  // namespace
}  // namespace gan::core::kernels
