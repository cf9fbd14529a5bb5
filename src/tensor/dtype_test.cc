#include "tensor/dtype.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gan::core {
namespace {

TEST(Half, EveryValueSurvivesTheRoundTrip) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = FloatFromHalf(static_cast<uint16_t>(bits));
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(FloatFromHalf(HalfFromFloat(value))));
    } else {
      EXPECT_EQ(HalfFromFloat(value), bits);
    }
  }
}

TEST(Half, RoundsToNearestEven) {
  EXPECT_EQ(FloatFromHalf(HalfFromFloat(2049.0f)), 2048.0f);
  EXPECT_EQ(FloatFromHalf(HalfFromFloat(2051.0f)), 2052.0f);
  EXPECT_EQ(FloatFromHalf(HalfFromFloat(65519.0f)), 65504.0f);
  EXPECT_TRUE(std::isinf(FloatFromHalf(HalfFromFloat(65520.0f))));
  EXPECT_EQ(HalfFromFloat(std::ldexp(1.0f, -25)), 0);
  EXPECT_EQ(HalfFromFloat(std::ldexp(1.5f, -25)), 1);
}

TEST(BFloat16, RoundsToNearestEven) {
  EXPECT_EQ(FloatFromBFloat16(BFloat16FromFloat(1.0f)), 1.0f);
  EXPECT_EQ(FloatFromBFloat16(BFloat16FromFloat(257.0f)), 256.0f);
  EXPECT_EQ(FloatFromBFloat16(BFloat16FromFloat(259.0f)), 260.0f);
  EXPECT_TRUE(std::isnan(FloatFromBFloat16(BFloat16FromFloat(std::nanf("")))));
  EXPECT_TRUE(std::isinf(FloatFromBFloat16(BFloat16FromFloat(std::numeric_limits<float>::max()))));
}

}  // namespace
}  // namespace gan::core
