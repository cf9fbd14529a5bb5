#include "models/mixture.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gan::core {
namespace {

Model Random(uint64_t seed, int64_t features = 4) {
  return BuildRandom("compact", {{"num_feat", features}, {"num_conv", 1}}, seed);
}

Model Mixed(double a, double b) { return Mix({{"a", Random(1), a}, {"b", Random(2), b}}); }

TEST(Mixture, OneAndNothingIsTheOneToTheBit) {
  const Model first = Random(1), mixed = Mixed(1, 0);
  for (const auto& [name, tensor] : first.parameters) {
    EXPECT_TRUE(std::ranges::equal(mixed.parameters.At(name).floats(), tensor.floats())) << name;
  }
  EXPECT_EQ(mixed.facts.back().value, "a x 1, b x 0");
}

TEST(Mixture, AveragesWeights) {
  const Model a = Random(1), b = Random(2), mixed = Mixed(0.75, 0.25);
  for (const auto& [name, tensor] : mixed.parameters) {
    for (size_t i = 0; i < tensor.floats().size(); ++i) {
      const double wanted =
          0.75 * a.parameters.At(name).floats()[i] + 0.25 * b.parameters.At(name).floats()[i];
      EXPECT_EQ(tensor.floats()[i], static_cast<float>(wanted)) << name;
    }
  }
}

TEST(Mixture, WantsOneShapeAndAWeight) {
  EXPECT_THROW(Mix({{"a", Random(1), 0.5}, {"b", Random(2, 5), 0.5}}), Error);
  EXPECT_THROW(Mixed(0, 0), Error);
  EXPECT_THROW(Mixed(NAN, 1), Error);
}

}  // namespace
}  // namespace gan::core
