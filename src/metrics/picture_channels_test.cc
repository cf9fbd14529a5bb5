#include "metrics/picture_channels.h"

#include <gtest/gtest.h>

#include <vector>

namespace gan::core {
namespace {

TEST(PictureChannels, AreClampedAndRoundedAsInAFile) {
  const float step = 2 / 255.0f;
  const Tensor saved = AsSaved(
      Tensor::FromFloats({1, 1, 1, 4}, std::vector<float>{-3, 1.2f, -1 + 0.6f * step, 1 - step}));
  EXPECT_EQ(saved.floats()[0], -1);
  EXPECT_EQ(saved.floats()[1], 1);
  EXPECT_NEAR(saved.floats()[2], -1 + step, 1e-6);
  EXPECT_NEAR(saved.floats()[3], 1 - step, 1e-6);
}

TEST(PictureChannels, AlphaIsLaidOnWhite) {
  // Two pictures of grey and alpha, one pixel each: black that is half there, white that is not.
  const Tensor saved = AsSaved(Tensor::FromFloats({2, 2, 1, 1}, std::vector<float>{-1, 0, 1, -1}));
  ASSERT_EQ(saved.shape(), (Shape{2, 1, 1, 1}));
  EXPECT_NEAR(saved.floats()[0], 0, 0.01);
  EXPECT_EQ(saved.floats()[1], 1);
}

TEST(PictureChannels, GreyAndColourBecomeOneAnother) {
  const Tensor colour = Tensor::FromFloats({1, 3, 1, 2}, std::vector<float>{1, 0, 1, 0, 1, 0.5f});
  const Tensor grey = WithColours(colour, 1);
  ASSERT_EQ(grey.shape(), (Shape{1, 1, 1, 2}));
  EXPECT_NEAR(grey.floats()[0], 1, 1e-6);
  EXPECT_NEAR(grey.floats()[1], 0.057f, 1e-6);
  const Tensor again = WithColours(grey, 3);
  EXPECT_EQ(again.shape(), colour.shape());
  EXPECT_EQ(again.floats()[5], grey.floats()[1]);
  EXPECT_EQ(WithColours(colour, 3).raw().data(), colour.raw().data());
}

}  // namespace
}  // namespace gan::core
