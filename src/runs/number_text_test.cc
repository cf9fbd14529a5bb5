#include "runs/number_text.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

TEST(NumberText, GroupsThousands) {
  EXPECT_EQ(ThousandsText(0), "0");
  EXPECT_EQ(ThousandsText(999), "999");
  EXPECT_EQ(ThousandsText(1000), "1,000");
  EXPECT_EQ(ThousandsText(12'345'678), "12,345,678");
  EXPECT_EQ(ThousandsText(-123'456), "-123,456");
}

TEST(NumberText, SaysShares) {
  EXPECT_EQ(PercentText(0.0), "0 %");
  EXPECT_EQ(PercentText(0.99), "99 %");
  EXPECT_EQ(PercentText(0.9993), "99.93 %");
  EXPECT_EQ(PercentText(1.0), "100 %");
  EXPECT_EQ(PercentText(0.0031), "0.31 %");
}

}  // namespace
}  // namespace gan::core
