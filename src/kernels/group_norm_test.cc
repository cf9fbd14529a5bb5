#include "kernels/group_norm.h"

#include <gtest/gtest.h>

#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

void Normalise(const ConstTensorView& x, const GroupNormParams& params, const TensorView& out,
               ThreadPool& pool) {
  std::vector<std::byte> workspace(GroupNormWorkspaceBytes(x.shape));
  GroupNorm(x, params, out, workspace, pool);
}

TEST(GroupNorm, AgreesWithTheReferenceOnViewsWithGaps) {
  Random random(41);
  ThreadPool pool(2);
  const Tensor weight = RandomTensor({6}, random), bias = RandomTensor({6}, random);
  for (const int64_t groups : {1, 2, 6}) {
    for (int64_t width = 1; width <= 40; ++width) {
      const Tensor values = RandomTensor({2, 6, 3, width}, random);
      const GappedTensor x(values);
      GroupNormParams params{.groups = groups};
      if (width % 2 == 0) params.weight = weight.view(), params.bias = bias.view();
      Tensor wanted(DType::kF32, values.shape());
      reference::GroupNorm(x.view(), params, wanted.view());
      OnEveryTarget([&] {
        GappedTensor got(values.shape());
        Normalise(x.view(), params, got.view(), pool);
        ExpectClose(got.Values().floats(), wanted.floats(), 3e-6f);
        EXPECT_EQ(got.DamagedGaps(), 0u);
        Tensor in_place = values.Clone();
        Normalise(in_place.view(), params, in_place.view(), pool);
        ExpectSameBits(in_place.floats(), got.Values().floats());
      });
    }
  }
}

TEST(GroupNorm, KnownResults) {
  ThreadPool pool(1);
  const Tensor x = Tensor::FromFloats({1, 2, 1, 2}, std::vector<float>{1, 3, -5, -5});
  OnEveryTarget([&] {
    Tensor out(DType::kF32, x.shape());
    Normalise(x.view(), {.groups = 2, .epsilon = 1e-12f}, out.view(), pool);
    ExpectClose(out.floats(), std::vector<float>{-1, 1, 0, 0}, 1e-6f);
    Normalise(x.view(), {.groups = 1, .epsilon = 2.25f}, out.view(),
              pool);  // mean -1.5, variance 12.75
    ExpectClose(out.floats(),
                std::vector<float>{2.5f / std::sqrt(15.f), 4.5f / std::sqrt(15.f),
                                   -3.5f / std::sqrt(15.f), -3.5f / std::sqrt(15.f)},
                1e-6f);
  });
}

// A mean far from 0 takes no precision from the variance.
TEST(GroupNorm, SurvivesALargeMean) {
  Random random(42);
  ThreadPool pool(2);
  Tensor x = RandomTensor({1, 1, 64, 64}, random);
  for (float& value : x.floats()) value += 1000;
  Tensor wanted(DType::kF32, x.shape());
  reference::GroupNorm(x.view(), {}, wanted.view());
  OnEveryTarget([&] {
    Tensor got(DType::kF32, x.shape());
    Normalise(x.view(), {}, got.view(), pool);
    ExpectClose(got.floats(), wanted.floats(), 1e-4f);
  });
}

TEST(GroupNorm, ThreadsDoNotChangeABit) {
  Random random(43);
  const Tensor x = RandomTensor({1, 13, 9, 21}, random);
  Tensor alone(DType::kF32, x.shape());
  for (const int threads : {1, 2, 3, 5}) {
    ThreadPool pool(threads);
    Tensor got(DType::kF32, x.shape());
    Normalise(x.view(), {}, got.view(), pool);
    if (threads == 1) alone = got;
    ExpectSameBits(got.floats(), alone.floats());
  }
}

}  // namespace
}  // namespace gan::core::kernels
