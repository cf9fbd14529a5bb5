#include "text.h"

#include <gtest/gtest.h>

namespace gan::cli {
namespace {

TEST(Text, BytesKeepThreeDigits) {
  EXPECT_EQ(Bytes(0), "0 B");
  EXPECT_EQ(Bytes(1023), "1023 B");
  EXPECT_EQ(Bytes(1024), "1.00 KB");
  EXPECT_EQ(Bytes(uint64_t{512} << 20), "512 MB");
  EXPECT_EQ(Bytes(uint64_t{3} << 29), "1.50 GB");
  EXPECT_EQ(Bytes(UINT64_MAX), "16777216 TB");
}

TEST(Text, CountsAreWords) {
  EXPECT_EQ(Count(950), "950");
  EXPECT_EQ(Count(16'697'987), "16.7 million");
  EXPECT_EQ(Count(1.175e12), "1.18 trillion");
}

TEST(Text, DurationsGrowUnits) {
  EXPECT_EQ(Duration(0.341), "0.34 s");
  EXPECT_EQ(Duration(9.96), "10 s");
  EXPECT_EQ(Duration(59.6), "1:00 min");
  EXPECT_EQ(Duration(185), "3:05 min");
  EXPECT_EQ(Duration(7800), "2:10:00 h");
}

TEST(Text, NamesCannotMoveTheCursor) {
  EXPECT_EQ(Shown("a\x1b[2Jb\nc\x7f.png"), "a?[2Jb?c?.png");
  EXPECT_EQ(Shown("größe.png"), "größe.png");
}

TEST(Text, JoinedSaysNone) {
  EXPECT_EQ(Joined({}, "none"), "none");
  EXPECT_EQ(Joined({"a", "b"}, "none"), "a, b");
}

}  // namespace
}  // namespace gan::cli
