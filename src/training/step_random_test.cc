#include "training/step_random.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gan::core {
namespace {

using Purpose = StepRandom::Purpose;

StepRandom Made(const BatchSlice& slice, uint64_t seed = 3, Purpose purpose = Purpose::kLatent,
                uint64_t step = 5) {
  return StepRandom(seed, purpose, step, slice, at::kCPU);
}

TEST(StepRandom, SlicesOfTwoRanksAreTheWhole) {
  StepRandom whole = Made({0, 7, 7}), first = Made({0, 4, 7}), second = Made({4, 3, 7});
  // Draw after draw, of every kind.
  for (int i = 0; i < 2; ++i) {
    const at::Tensor normal = whole.Normal(5);
    EXPECT_EQ(normal.sizes(), (at::IntArrayRef{7, 5}));
    EXPECT_TRUE(at::equal(at::cat({first.Normal(5), second.Normal(5)}), normal));
    EXPECT_TRUE(at::equal(at::cat({first.Uniform(3), second.Uniform(3)}), whole.Uniform(3)));
    EXPECT_TRUE(at::equal(at::cat({first.Coin(0.5), second.Coin(0.5)}), whole.Coin(0.5)));
  }
}

TEST(StepRandom, SameTwice) {
  StepRandom one = Made({0, 4, 4}), two = Made({0, 4, 4});
  EXPECT_EQ(one.seed(), two.seed());
  const at::Tensor drawn = one.Normal(8);
  EXPECT_TRUE(at::equal(drawn, two.Normal(8)));
  EXPECT_FALSE(at::equal(drawn, one.Normal(8)));  // the next draw
}

TEST(StepRandom, SeedsPurposesAndStepsDiffer) {
  const BatchSlice slice{0, 4, 4};
  const at::Tensor drawn = Made(slice).Normal(8);
  EXPECT_FALSE(at::equal(drawn, Made(slice, 4).Normal(8)));
  EXPECT_FALSE(at::equal(drawn, Made(slice, 3, Purpose::kAugment).Normal(8)));
  EXPECT_FALSE(at::equal(drawn, Made(slice, 3, Purpose::kLatent, 6).Normal(8)));
}

TEST(StepRandom, Distributions) {
  const int64_t count = 20000;
  StepRandom random = Made({0, count, count});
  const at::Tensor normal = random.Normal(1);
  EXPECT_NEAR(normal.mean().item<double>(), 0, 0.05);
  EXPECT_NEAR(normal.square().mean().item<double>(), 1, 0.08);
  const at::Tensor uniform = random.Uniform(1);
  EXPECT_GE(uniform.min().item<double>(), 0);
  EXPECT_LT(uniform.max().item<double>(), 1);
  EXPECT_NEAR(uniform.mean().item<double>(), 0.5, 0.02);
  const at::Tensor coin = random.Coin(0.25);
  EXPECT_EQ(coin.sizes(), at::IntArrayRef{count});
  EXPECT_NEAR(coin.mean().item<double>(), 0.25, 0.03);
  EXPECT_TRUE(coin.eq(0).logical_or(coin.eq(1)).all().item<bool>());
  EXPECT_EQ(random.Coin(0).sum().item<double>(), 0);
  EXPECT_EQ(random.Coin(1).sum().item<double>(), count);
}

TEST(StepRandom, SliceMustLieInTheBatch) {
  for (const BatchSlice& slice : {BatchSlice{0, 5, 4}, {3, 2, 4}, {-1, 2, 4}, {0, 0, 4}}) {
    try {
      Made(slice);
      ADD_FAILURE() << "accepted " << slice.first << " " << slice.count;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kInternal);
    }
  }
}

}  // namespace
}  // namespace gan::core
