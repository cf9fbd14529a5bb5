#include "data/fit.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "media/picture_testing.h"

namespace gan::core {
namespace {

OpenedPicture Opened(const Tensor& picture) { return {InfoOf(picture), RowsOf(picture)}; }

// One value for each column.
Tensor Columns(int64_t height, const std::vector<float>& values) {
  const auto width = static_cast<int64_t>(values.size());
  Tensor out(DType::kF32, {1, height, width});
  for (int64_t y = 0; y < height; ++y) std::ranges::copy(values, out.floats().data() + y * width);
  return out;
}

TEST(Fit, LeavesThePixelsOfAPictureOfThatSize) {
  for (int64_t channels = 1; channels <= 4; ++channels) {
    const Tensor picture = TestPicture(channels, 9, 9);
    for (const Fit fit : {Fit::kCover, Fit::kContain, Fit::kStretch}) {
      EXPECT_EQ(LargestDifference(FittedPicture(Opened(picture), fit, 9, 9), picture), 0);
    }
  }
}

TEST(Fit, CoverCutsTheMiddleOut) {
  const Tensor wide = Columns(2, {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f});
  const Tensor out = FittedPicture(Opened(wide), Fit::kCover, 2, 2);
  EXPECT_TRUE(std::ranges::equal(out.floats(), std::vector<float>{0.3f, 0.4f, 0.3f, 0.4f}));
  Tensor tall(DType::kF32, {1, 5, 1});
  for (int64_t y = 0; y < 5; ++y)
    tall.floats()[static_cast<size_t>(y)] = 0.1f * static_cast<float>(y);
  EXPECT_EQ(FittedPicture(Opened(tall), Fit::kCover, 1, 1).floats()[0], 0.2f);
}

TEST(Fit, ContainLeavesBlackBeside) {
  const Tensor wide = Columns(2, {1, 1, 1, 1});
  const Tensor out = FittedPicture(Opened(wide), Fit::kContain, 4, 4);
  for (size_t y = 0; y < 4; ++y) {
    for (size_t x = 0; x < 4; ++x) {
      EXPECT_NEAR(out.floats()[4 * y + x], y == 1 || y == 2 ? 1 : 0, 1e-6);
    }
  }
}

TEST(Fit, StretchKeepsEverything) {
  const Tensor wide = Columns(1, {0.25f, 0.25f, 0.75f, 0.75f});
  const Tensor out = FittedPicture(Opened(wide), Fit::kStretch, 3, 2);
  for (size_t y = 0; y < 3; ++y) {
    EXPECT_LT(out.floats()[2 * y], 0.4f);
    EXPECT_GT(out.floats()[2 * y + 1], 0.6f);
  }
}

TEST(Fit, DoesNotAlias) {
  // Stripes of one pixel, far too fine for the new size: grey, not stripes or black.
  std::vector<float> stripes(1024);
  for (size_t i = 0; i < stripes.size(); ++i) stripes[i] = static_cast<float>(i % 2);
  const Tensor out = FittedPicture(Opened(Columns(1024, stripes)), Fit::kCover, 16, 16);
  for (const float x : out.floats()) EXPECT_NEAR(x, 0.5f, 0.02f);
}

TEST(Fit, ShrinksByAnyFactor) {
  const Tensor out =
      FittedPicture(Opened(Columns(3, std::vector<float>(5000, 0.5f))), Fit::kStretch, 2, 2);
  for (const float x : out.floats()) EXPECT_NEAR(x, 0.5f, 1e-5f);
  const Tensor thin =
      FittedPicture(Opened(Columns(1, std::vector<float>(5000, 1.0f))), Fit::kContain, 8, 8);
  EXPECT_NEAR(thin.floats()[3 * 8], 1, 1e-5f);
  EXPECT_EQ(thin.floats()[0], 0);
}

TEST(Channels, ConvertBetweenAll) {
  const Tensor rgb = Tensor::FromFloats({3, 1, 2}, std::vector<float>{1, 0, 0, 1, 0, 0});
  const Tensor grey = WithChannels(rgb, 1);
  EXPECT_FLOAT_EQ(grey.floats()[0], 0.299f);
  EXPECT_FLOAT_EQ(grey.floats()[1], 0.587f);
  const Tensor back = WithChannels(grey, 3);
  for (size_t i = 0; i < 6; ++i) EXPECT_EQ(back.floats()[i], grey.floats()[i % 2]);
  const Tensor opaque = WithChannels(rgb, 4);
  EXPECT_EQ(opaque.floats()[6], 1);
  EXPECT_EQ(WithChannels(opaque, 2).shape(), (Shape{2, 1, 2}));
}

TEST(Channels, AlphaIsLaidOnWhite) {
  const Tensor picture = Tensor::FromFloats({2, 1, 3}, std::vector<float>{0, 0.5f, 0, 1, 0, 0.5f});
  const Tensor grey = WithChannels(picture, 1);
  EXPECT_TRUE(std::ranges::equal(grey.floats(), std::vector<float>{0, 1, 0.5f}));
  const Tensor rgba = Tensor::FromFloats({4, 1, 1}, std::vector<float>{1, 0, 0, 0});
  const Tensor white = WithChannels(rgba, 3);
  for (const float x : white.floats()) EXPECT_EQ(x, 1);
}

TEST(Fit, KnowsItsNames) {
  EXPECT_EQ(FitFromName("contain"), Fit::kContain);
  EXPECT_EQ(CodeOf([] { FitFromName("crop"); }, "crop"), 64);
}

}  // namespace
}  // namespace gan::core
