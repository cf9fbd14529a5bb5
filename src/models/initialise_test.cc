#include "models/initialise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "models/pair.h"

namespace gan::core {
namespace {

constexpr InitStyle kStyles[] = {InitStyle::kFamily, InitStyle::kNormal002, InitStyle::kXavier,
                                 InitStyle::kHe, InitStyle::kOrthogonal};

struct Moments {
  double mean = 0, deviation = 0;
};

Moments MomentsOf(const Tensor& tensor) {
  Moments m;
  const auto count = static_cast<double>(tensor.shape().elements());
  for (const float x : tensor.floats()) m.mean += x / count;
  for (const float x : tensor.floats()) m.deviation += (x - m.mean) * (x - m.mean) / count;
  m.deviation = std::sqrt(m.deviation);
  return m;
}

// Convolutions wide enough that the figures are firm.
NamedTensors Dcgan(InitStyle style) {
  const Pair pair = BuildPair({.size = 16, .generator_width = 64, .discriminator_norm = true});
  return InitialParameters(pair.generator, "dcgan", style, 5);
}

TEST(Initialise, EveryParameterOfEveryFamilyHasAStart) {
  for (const std::string_view family : PairFamilyNames()) {
    for (const InitStyle style : kStyles) {
      const Pair pair = BuildPair({.family = std::string(family),
                                   .size = 28,
                                   .classes = 3,
                                   .latent = 8,
                                   .generator_width = 4,
                                   .discriminator_width = 4});
      for (const Graph* graph : {&pair.generator, &pair.discriminator}) {
        const NamedTensors first = InitialParameters(*graph, family, style, 1);
        const NamedTensors again = InitialParameters(*graph, family, style, 1);
        const NamedTensors other = InitialParameters(*graph, family, style, 2);
        CheckParameters(*graph, first);
        bool differs = false;
        for (const auto& [name, tensor] : first) {
          EXPECT_TRUE(std::ranges::equal(tensor.floats(), again.At(name).floats())) << name;
          EXPECT_TRUE(
              std::ranges::all_of(tensor.floats(), [](float x) { return std::isfinite(x); }));
          differs |= !std::ranges::equal(tensor.floats(), other.At(name).floats());
        }
        EXPECT_TRUE(differs);
      }
    }
  }
}

TEST(Initialise, StatisticsStartNeutral) {
  const NamedTensors start = Dcgan(InitStyle::kFamily);
  EXPECT_EQ(MomentsOf(start.At("main.1.running_mean")).mean, 0);
  EXPECT_EQ(MomentsOf(start.At("main.1.running_var")).mean, 1);
  EXPECT_EQ(MomentsOf(start.At("main.1.running_var")).deviation, 0);
  EXPECT_EQ(MomentsOf(start.At("main.1.bias")).deviation, 0);
}

TEST(Initialise, AsTheDcganPaperHasIt) {
  const NamedTensors start = Dcgan(InitStyle::kFamily);
  EXPECT_NEAR(MomentsOf(start.At("main.0.weight")).deviation, 0.02, 0.0005);
  EXPECT_NEAR(MomentsOf(start.At("main.1.weight")).mean, 1, 0.01);
  EXPECT_NEAR(MomentsOf(start.At("main.1.weight")).deviation, 0.02, 0.005);
  EXPECT_EQ(MomentsOf(Dcgan(InitStyle::kHe).At("main.1.weight")).deviation, 0);
}

TEST(Initialise, FansOfTransposedConvolutions) {
  // main.0: 128 numbers to [128, 4, 4], each output sees all of them once. main.3: kernel 4, stride
  // 2, so an output sees 2 x 2 pixels of 128 channels, and an input reaches 4 x 4 of 64.
  EXPECT_NEAR(MomentsOf(Dcgan(InitStyle::kHe).At("main.0.weight")).deviation, std::sqrt(2.0 / 128),
              0.001);
  EXPECT_NEAR(MomentsOf(Dcgan(InitStyle::kHe).At("main.3.weight")).deviation,
              std::sqrt(2.0 / (128 * 4)), 0.0005);
  EXPECT_NEAR(MomentsOf(Dcgan(InitStyle::kXavier).At("main.3.weight")).deviation,
              std::sqrt(2.0 / (128 * 4 + 64 * 16)), 0.0005);
}

void ExpectOrthonormal(int64_t rows, int64_t columns) {
  std::vector<float> m(static_cast<size_t>(rows * columns));
  Random random(3);
  FillOrthogonal(m, rows, columns, random);
  const bool by_rows = rows <= columns;
  const int64_t count = std::min(rows, columns);
  const int64_t length = std::max(rows, columns);
  const auto at = [&](int64_t vector, int64_t i) {
    const int64_t index = by_rows ? vector * columns + i : i * columns + vector;
    return static_cast<double>(m[static_cast<size_t>(index)]);
  };
  for (int64_t a = 0; a < count; ++a) {
    for (int64_t b = a; b < count; ++b) {
      double product = 0;
      for (int64_t i = 0; i < length; ++i) product += at(a, i) * at(b, i);
      EXPECT_NEAR(product, a == b ? 1 : 0, 1e-5) << a << " " << b;
    }
  }
}

TEST(Initialise, OrthogonalMeansOrthonormal) {
  ExpectOrthonormal(8, 20);
  ExpectOrthonormal(20, 8);
  ExpectOrthonormal(12, 12);
  ExpectOrthonormal(1, 1);
}

TEST(Initialise, RefusesWhatItCannot) {
  const Pair pair = BuildPair({});
  EXPECT_THROW(InitialParameters(pair.generator, "dcgan", InitStyle::kFixup, 1), Error);
  EXPECT_THROW(InitialParameters(pair.generator, "esrgan", InitStyle::kHe, 1), Error);
}

}  // namespace
}  // namespace gan::core
