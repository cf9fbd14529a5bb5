#include "tasks/latents.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "base/error.h"
#include "tasks/published_latents.h"

namespace gan::core {
namespace {

std::vector<float> Numbers(const Latents& latents, int64_t index) {
  std::vector<float> numbers(static_cast<size_t>(latents.size()));
  latents.Fill(index, numbers);
  return numbers;
}

TEST(Latents, DependOnSeedAndIndexAlone) {
  const Latents a(16, 7), b(16, 7);
  Numbers(a, 3);
  EXPECT_EQ(Numbers(a, 5), Numbers(b, 5));
  std::set<std::vector<float>> all;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    for (int64_t index = 0; index < 20; ++index) all.insert(Numbers(Latents(16, seed), index));
  }
  EXPECT_EQ(all.size(), 400u);
  EXPECT_FALSE(a.count());
}

TEST(Latents, AreNormal) {
  const std::vector<float> numbers = Numbers(Latents(100'000, 1), 0);
  double sum = 0, squares = 0;
  for (const float x : numbers) sum += x, squares += double{x} * x;
  EXPECT_NEAR(sum / 1e5, 0, 0.02);
  EXPECT_NEAR(squares / 1e5, 1, 0.02);
}

TEST(Latents, TruncationDrawsAgain) {
  const std::vector<float> numbers = Numbers(Latents(100'000, 1, 0.5), 0);
  double squares = 0;
  for (const float x : numbers) {
    ASSERT_LE(std::abs(x), 0.5f);
    squares += double{x} * x;
  }
  // The variance of N(0, 1) within +-0.5; clamping would leave 0.19.
  EXPECT_NEAR(squares / 1e5, 0.0806, 0.002);
}

TEST(Latents, GivenOnesComeBack) {
  const Latents latents(Tensor::FromFloats({2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(latents.size(), 3);
  EXPECT_EQ(latents.count(), 2);
  EXPECT_EQ(Numbers(latents, 1), (std::vector<float>{4, 5, 6}));
}

TEST(DrawBelow, IsEvenAndReproducible) {
  std::vector<int> seen(10);
  for (int64_t i = 0; i < 10'000; ++i) ++seen[static_cast<size_t>(DrawBelow(3, i, 10))];
  for (const int count : seen) EXPECT_NEAR(count, 1000, 150);
  EXPECT_EQ(DrawBelow(3, 77, 1000), DrawBelow(3, 77, 1000));
}

TEST(Interpolate, EndsAreTheEndsAndMiddlesKeepTheirLength) {
  const std::vector<float> a{3, 0, 0, 0}, b{0, 3, 0, 0};
  std::vector<float> out(4);
  for (const Interpolation kind : {Interpolation::kLinear, Interpolation::kSpherical}) {
    Interpolate(kind, a, b, 0, out);
    for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(out[i], a[i], 1e-6);
    Interpolate(kind, a, b, 1, out);
    for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(out[i], b[i], 1e-6);
  }
  Interpolate(Interpolation::kLinear, a, b, 0.5, out);
  EXPECT_NEAR(std::hypot(out[0], out[1]), 3 / std::sqrt(2), 1e-5);
  Interpolate(Interpolation::kSpherical, a, b, 0.5, out);
  EXPECT_NEAR(std::hypot(out[0], out[1]), 3, 1e-5);
}

TEST(Interpolate, ParallelAndEmptyVectorsAreNoNan) {
  const std::vector<float> a{1, 2}, opposite{-1, -2}, zero{0, 0};
  std::vector<float> out(2);
  for (const auto& b : {a, opposite, zero}) {
    Interpolate(Interpolation::kSpherical, a, b, 0.25, out);
    EXPECT_TRUE(std::isfinite(out[0]) && std::isfinite(out[1]));
  }
}

TEST(Latents, OthersNumbersAreDrawnAllAtOnce) {
  for (const LatentSource source : {LatentSource::kTorch, LatentSource::kNumpy}) {
    Latents latents(5, 9, source);
    EXPECT_EQ(latents.count(), std::nullopt);
    latents.Draw(7);
    std::vector<float> all(35), one(5);
    source == LatentSource::kTorch ? FillAsTorch(9, all) : FillAsNumpy(9, all);
    for (int64_t i = 0; i < 7; ++i) {
      latents.Fill(i, one);
      EXPECT_TRUE(std::equal(one.begin(), one.end(), all.begin() + 5 * i)) << i;
    }
    EXPECT_THROW(latents.Draw(int64_t{1} << 40), Error);
  }
}

}  // namespace
}  // namespace gan::core
