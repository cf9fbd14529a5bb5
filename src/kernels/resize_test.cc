#include "kernels/resize.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

constexpr ResizeMode kModes[] = {ResizeMode::kNearest, ResizeMode::kBilinear, ResizeMode::kBicubic};
constexpr ResizeCoordinates kRules[] = {ResizeCoordinates::kAsymmetric,
                                        ResizeCoordinates::kHalfPixel,
                                        ResizeCoordinates::kAlignCorners};

Tensor Resized(const ConstTensorView& x, const ResizeParams& p, ThreadPool& pool) {
  GappedTensor out(Shape{x.shape[0], x.shape[1], x.shape[2] * p.num_h / p.den_h,
                         x.shape[3] * p.num_w / p.den_w});
  std::vector<std::byte> workspace(ResizeWorkspaceBytes(x.shape[3], pool.threads()));
  Resize(x, p, out.view(), workspace, pool);
  EXPECT_EQ(out.DamagedGaps(), 0u);
  return out.Values();
}

TEST(Resize, EveryModeAndRuleAgainstTheReference) {
  Random random(21);
  ThreadPool pool(2);
  const int64_t scales[][2] = {{1, 1}, {2, 1}, {3, 1}, {3, 2}, {5, 3}, {1, 2}, {2, 3}, {4, 1}};
  for (const ResizeMode mode : kModes) {
    for (const ResizeCoordinates rule : kRules) {
      for (const auto& scale : scales) {
        for (const int64_t width : {2, 3, 7, 8, 19, 40}) {
          SCOPED_TRACE(testing::Message() << static_cast<int>(mode) << static_cast<int>(rule) << " "
                                          << scale[0] << "/" << scale[1] << " " << width);
          const GappedTensor x(RandomTensor({1, 2, 5, width}, random));
          const ResizeParams params{mode, rule, scale[0], scale[1], scale[0], scale[1]};
          Tensor wanted(DType::kF32, {1, 2, 5 * scale[0] / scale[1], width * scale[0] / scale[1]});
          reference::Resize(x.view(), params, wanted.view());
          OnEveryTarget([&] {
            ExpectClose(Resized(x.view(), params, pool).floats(), wanted.floats(), 2e-6f);
          });
        }
      }
    }
  }
}

// Worked out by hand from the definitions; bicubic weights at 1/4 are -27/256, 225/256, 67/256 and
// -9/256.
TEST(Resize, KnownResults) {
  ThreadPool pool(1);
  const Tensor x = Tensor::FromFloats({1, 1, 1, 4}, std::vector<float>{1, 2, 3, 4});
  const auto expect = [&](ResizeMode mode, ResizeCoordinates rule, std::vector<float> wanted) {
    OnEveryTarget([&] {
      ExpectClose(Resized(x.view(), {mode, rule, 1, 1, 2, 1}, pool).floats(), wanted, 1e-6f);
    });
  };
  expect(ResizeMode::kNearest, ResizeCoordinates::kAsymmetric, {1, 1, 2, 2, 3, 3, 4, 4});
  expect(ResizeMode::kBilinear, ResizeCoordinates::kHalfPixel,
         {1, 1.25f, 1.75f, 2.25f, 2.75f, 3.25f, 3.75f, 4});
  expect(ResizeMode::kBilinear, ResizeCoordinates::kAlignCorners,
         {1, 10.f / 7, 13.f / 7, 16.f / 7, 19.f / 7, 22.f / 7, 25.f / 7, 4});
  expect(ResizeMode::kBicubic, ResizeCoordinates::kHalfPixel,
         {0.89453125f, 1.19140625f, 1.66796875f, 2.296875f, 2.703125f, 3.33203125f, 3.80859375f,
          4.10546875f});
}

TEST(Resize, WeightsDoNotDependOnThePlace) {
  for (const ResizeMode mode : kModes) {
    const ResizeAxis axis = MakeResizeAxis(mode, ResizeCoordinates::kHalfPixel, 5, 3, 30000, 50000);
    const size_t taps = static_cast<size_t>(axis.taps);
    for (size_t o = 100; o < 200; ++o) {
      for (size_t t = 0; t < taps; ++t) {
        const size_t far = o + 40000;
        EXPECT_EQ(axis.weight[o * taps + t], axis.weight[far * taps + t]);
        EXPECT_EQ(axis.index[o * taps + t] + 24000, axis.index[far * taps + t]);
      }
    }
  }
}

TEST(Resize, ThreadsAndRowsAgreeToTheBit) {
  Random random(22);
  const Tensor x = RandomTensor({1, 3, 40, 33}, random);
  for (const ResizeMode mode : kModes) {
    const ResizeParams params{mode, ResizeCoordinates::kHalfPixel, 2, 1, 3, 1};
    OnEveryTarget([&] {
      ThreadPool one(1), three(3);
      ExpectSameBits(Resized(x.view(), params, three).floats(),
                     Resized(x.view(), params, one).floats());
    });
  }
}

TEST(Resize, OneOutputPixelAndOneInputPixel) {
  Random random(23);
  ThreadPool pool(1);
  for (const ResizeMode mode : kModes) {
    for (const ResizeCoordinates rule : kRules) {
      const Tensor one = RandomTensor({1, 1, 1, 1}, random);
      const Tensor spread = Resized(one.view(), {mode, rule, 3, 1, 4, 1}, pool);
      ExpectClose(spread.floats(), std::vector<float>(12, one.floats()[0]), 1e-6f);
      const Tensor four = RandomTensor({1, 1, 2, 2}, random);
      EXPECT_EQ(Resized(four.view(), {mode, rule, 1, 2, 1, 2}, pool).floats().size(), 1u);
    }
  }
}

}  // namespace
}  // namespace gan::core::kernels
