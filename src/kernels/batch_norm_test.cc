#include "kernels/batch_norm.h"

#include <gtest/gtest.h>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

Tensor Numbers(const std::vector<float>& values) {
  return Tensor::FromFloats({static_cast<int64_t>(values.size())}, values);
}

TEST(BatchNorm, FoldsToTheFormula) {
  const Tensor weight = Numbers({2, -1}), bias = Numbers({0.5f, 3});
  const Tensor mean = Numbers({1, 0}), variance = Numbers({3.75f, 0});
  const ChannelAffine full =
      FoldBatchNorm({weight.view(), bias.view(), mean.view(), variance.view(), 0.25f});
  ExpectClose(full.scale.floats(), std::vector<float>{1, -2}, 0);
  ExpectClose(full.shift.floats(), std::vector<float>{-0.5f, 3}, 0);
  const ChannelAffine plain = FoldBatchNorm({{}, {}, mean.view(), variance.view(), 0.25f});
  ExpectClose(plain.scale.floats(), std::vector<float>{0.5f, 2}, 0);
  ExpectClose(plain.shift.floats(), std::vector<float>{-0.5f, 0}, 0);
}

TEST(BatchNorm, AgreesWithTheReferenceOnViewsWithGaps) {
  Random random(31);
  ThreadPool pool(2);
  const ChannelAffine channels{RandomTensor({5}, random), RandomTensor({5}, random)};
  for (int64_t width = 1; width <= 40; ++width) {
    const Tensor values = RandomTensor({2, 5, 3, width}, random);
    const GappedTensor x(values);
    Tensor wanted(DType::kF32, values.shape());
    reference::BatchNorm(x.view(), channels, wanted.view());
    OnEveryTarget([&] {
      GappedTensor got(values.shape());
      BatchNorm(x.view(), channels, got.view(), pool);
      ExpectClose(got.Values().floats(), wanted.floats(), 2e-7f);
      EXPECT_EQ(got.DamagedGaps(), 0u);
      Tensor in_place = values.Clone();
      BatchNorm(in_place.view(), channels, in_place.view(), pool);
      ExpectClose(in_place.floats(), wanted.floats(), 2e-7f);
    });
  }
}

// Without pixels the channels themselves are the innermost axis.
TEST(BatchNorm, WorksOnVectors) {
  Random random(32);
  ThreadPool pool(1);
  for (int64_t size = 1; size <= 40; ++size) {
    const ChannelAffine channels{RandomTensor({size}, random), RandomTensor({size}, random)};
    const Tensor x = RandomTensor({3, size}, random);
    Tensor wanted(DType::kF32, x.shape());
    reference::BatchNorm(x.view(), channels, wanted.view());
    OnEveryTarget([&] {
      Tensor got(DType::kF32, x.shape());
      BatchNorm(x.view(), channels, got.view(), pool);
      ExpectClose(got.floats(), wanted.floats(), 2e-7f);
    });
  }
}

}  // namespace
}  // namespace gan::core::kernels
