#include "media/samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>
#include <vector>

#include "base/random.h"

namespace gan::core {
namespace {

template <class T>
std::vector<T> AllLevels() {
  std::vector<T> levels(size_t{std::numeric_limits<T>::max()} + 1);
  for (size_t i = 0; i < levels.size(); ++i) levels[i] = static_cast<T>(i);
  return levels;
}

template <class T>
void ExpectRoundTrip(SampleType type) {
  const std::vector<T> levels = AllLevels<T>();
  const auto width = static_cast<int64_t>(levels.size());
  std::vector<float> plane(levels.size());
  UnpackRow(type, levels.data(), width, 1, 1, plane.data(), width);
  EXPECT_EQ(plane.front(), 0.0f);
  EXPECT_EQ(plane.back(), 1.0f);
  std::vector<T> back(levels.size());
  PackRow(plane.data(), width, width, 1, 8 * sizeof(T), back.data());
  EXPECT_EQ(back, levels);
}

TEST(Samples, EveryLevelSurvives) {
  ExpectRoundTrip<uint8_t>(SampleType::kU8);
  ExpectRoundTrip<uint16_t>(SampleType::kU16);
}

TEST(Samples, BandsBecomePlanesAndExtraOnesGo) {
  const std::array<uint8_t, 8> pixels = {255, 0, 51, 9, 0, 255, 102, 9};
  std::array<float, 10> planes{};
  UnpackRow(SampleType::kU8, pixels.data(), 2, 4, 3, planes.data(), 4);
  EXPECT_EQ(planes, (std::array<float, 10>{1, 0, 0, 0, 0, 1, 0, 0, 51 / 255.0f, 102 / 255.0f}));
  std::array<uint8_t, 6> packed{};
  PackRow(planes.data(), 4, 2, 3, 8, packed.data());
  EXPECT_EQ(packed, (std::array<uint8_t, 6>{255, 0, 51, 0, 255, 102}));
}

TEST(Samples, WideTypesAreClamped) {
  const std::array<float, 5> floats = {-1, 0.25f, 7, std::nanf(""), INFINITY};
  std::array<float, 5> out{};
  UnpackRow(SampleType::kF32, floats.data(), 5, 1, 1, out.data(), 5);
  EXPECT_EQ(out, (std::array<float, 5>{0, 0.25f, 1, 0, 1}));
  const std::array<double, 5> doubles = {-1, 0.25, 1e300, std::nan(""), 0.5};
  UnpackRow(SampleType::kF64, doubles.data(), 5, 1, 1, out.data(), 5);
  EXPECT_EQ(out, (std::array<float, 5>{0, 0.25f, 1, 0, 0.5f}));
  const std::array<uint32_t, 2> integers = {0, 0xFFFFFFFF};
  UnpackRow(SampleType::kU32, integers.data(), 2, 1, 1, out.data(), 5);
  EXPECT_EQ(out[0], 0);
  EXPECT_EQ(out[1], 1);
}

TEST(Samples, PackClampsThenRoundsToNearest) {
  const std::array<float, 5> values = {-3, 1e30f, 0.5f / 255 - 1e-6f, 0.5f / 255 + 1e-6f, 0.9999f};
  std::array<uint8_t, 5> pixels{};
  PackRow(values.data(), 5, 5, 1, 8, pixels.data());
  EXPECT_EQ(pixels, (std::array<uint8_t, 5>{0, 255, 0, 1, 255}));
}

// More pixels than are packed at a time, of every count of channels, and all that floats can be.
TEST(Samples, PackAgreesWithTheDefinitionOnLongRows) {
  constexpr int64_t kWidth = 1300, kStride = 1311;
  std::vector<float> planes(4 * kStride);
  Random(3).FillUniform(planes, -0.2f, 1.2f);
  const float odd[] = {std::nanf(""), -std::nanf(""), INFINITY, -INFINITY, -0.0f, 1e-42f, 1.0f};
  for (size_t i = 0; i < planes.size(); i += 13) planes[i] = odd[i / 13 % std::size(odd)];
  for (int channels = 1; channels <= 4; ++channels) {
    for (const int bits : {8, 16}) {
      const float greatest = bits == 8 ? 255 : 65535;
      std::vector<uint8_t> bytes(static_cast<size_t>(kWidth * channels * bits / 8 + 1), 77);
      PackRow(planes.data(), kStride, kWidth, channels, bits, bytes.data());
      EXPECT_EQ(bytes.back(), 77);
      for (int64_t i = 0; i < kWidth * channels; ++i) {
        const float value = planes[static_cast<size_t>(i % channels * kStride + i / channels)];
        const float clamped = std::isnan(value) ? 0 : std::clamp(value, 0.0f, 1.0f);
        uint16_t got = bytes[static_cast<size_t>(i)];
        if (bits == 16) std::memcpy(&got, bytes.data() + 2 * i, sizeof(got));
        ASSERT_EQ(got, static_cast<int>(clamped * greatest + 0.5f)) << value << " " << i;
      }
    }
  }
}

TEST(Samples, AllFiniteSeesEveryPlace) {
  ThreadPool pool(2);
  for (const float bad : {std::nanf(""), INFINITY, -INFINITY}) {
    for (size_t place = 0; place < 40; ++place) {
      std::array<float, 40> values{};
      values.fill(std::numeric_limits<float>::max());
      EXPECT_TRUE(AllFinite(values));
      EXPECT_TRUE(AllFinite(values, &pool));
      values[place] = bad;
      EXPECT_FALSE(AllFinite(values, &pool));
      EXPECT_FALSE(AllFinite(values)) << bad << " at " << place;
    }
  }
}

TEST(Samples, FlattenLaysColourOnTheBackground) {
  std::array<float, 12> planes = {1, 1, 1, 0, 0, 0, 0.5f, 0.5f, 0.5f, 1, 0, 0.5f};
  const std::array<float, 3> background = {0, 1, 0.5f};
  FlattenRow(planes.data(), 3, 3, background);
  EXPECT_EQ(planes, (std::array<float, 12>{1, 0, 0.5f, 0, 1, 0.5f, 0.5f, 0.5f, 0.5f, 1, 0, 0.5f}));
}

}  // namespace
}  // namespace gan::core
