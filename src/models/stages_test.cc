#include "models/stages.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

TEST(Stages, LeadFromTheBaseToThePicture) {
  EXPECT_EQ(StagesOf(28).base, 7);
  EXPECT_EQ(StagesOf(28).doublings, 2);
  EXPECT_EQ(StagesOf(16).base, 4);
  EXPECT_EQ(StagesOf(256).doublings, 6);
}

TEST(Stages, PictureSizes) {
  for (const int64_t size : {16, 28, 32, 64, 128, 256}) EXPECT_TRUE(IsPictureSize(size));
  for (const int64_t size : {-64, 0, 1, 8, 27, 48, 512}) EXPECT_FALSE(IsPictureSize(size));
}

TEST(Stages, WidthsDoubleUpToABound) {
  EXPECT_EQ(Widened(5, 0, 16), 5);
  EXPECT_EQ(Widened(5, 3, 16), 40);
  EXPECT_EQ(Widened(5, 6, 16), 80);
}

}  // namespace
}  // namespace gan::core
