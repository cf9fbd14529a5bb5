#include "models/r3gan/r3gan.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "models/testing_detect.h"

namespace gan::core {
namespace {

using testing::ExpectRoundTrip;
using testing::MessageOf;
using testing::Resized;
using testing::Without;
using testing::ZerosFor;

TEST(R3gan, RoundTripsAtEverySize) {
  for (const int64_t size : {16, 28, 32, 64, 128, 256}) {
    for (const int64_t channels : {1, 2, 3, 4}) {
      for (const int64_t classes : {0, 7}) {
        ExpectRoundTrip("r3gan", {{"size", size},
                                  {"channels", channels},
                                  {"classes", classes},
                                  {"latent", 9},
                                  {"width", 2 + channels}});
      }
    }
  }
}

TEST(R3gan, MixesSixteenFeaturesAGroup) {
  const Model model = BuildRandom("r3gan", {{"size", 16}, {"width", 32}}, 0);
  EXPECT_EQ(model.parameters.At("stages.2.blocks.0.conv2.weight").shape(), (Shape{64, 16, 3, 3}));
  EXPECT_EQ(ToString(model.graph).find("batch_norm"), std::string::npos);
}

// Branches end in zeros; what is before is He's, less for the depth.
TEST(R3gan, StartsAsThePaperHasIt) {
  const Pair pair = BuildPair({.family = "r3gan", .size = 16, .generator_width = 32});
  const NamedTensors start = InitialParameters(pair.generator, "r3gan", InitStyle::kFamily, 1);
  const auto square = [&](const char* name) {
    double sum = 0;
    const Tensor& tensor = start.At(name);
    for (const float x : tensor.floats()) sum += static_cast<double>(x) * x;
    return sum / static_cast<double>(tensor.shape().elements());
  };
  EXPECT_EQ(square("stages.0.blocks.1.conv3.weight"), 0);
  // 6 blocks; 32 features in.
  EXPECT_NEAR(square("stages.2.blocks.0.conv1.weight"), 2.0 / 32 / std::sqrt(6.0), 0.003);
  EXPECT_NEAR(square("basis"), 1, 0.1);
}

TEST(R3gan, RefusesWhatThePaperTookOut) {
  const auto refuses = [](const PairConfig& config) {
    try {
      BuildPair(config);
    } catch (const Error& e) {
      return e.code() == ErrorCode::kConfiguration;
    }
    return false;
  };
  EXPECT_TRUE(refuses({.family = "r3gan", .attention = true}));
  EXPECT_TRUE(refuses({.family = "r3gan", .generator_norm = true}));
  EXPECT_TRUE(refuses({.family = "r3gan", .discriminator_norm = true}));
  EXPECT_FALSE(refuses({.family = "r3gan", .generator_norm = false}));
}

TEST(R3gan, SaysWhatADiscriminatorIs) {
  const Pair pair = BuildPair({.family = "r3gan", .size = 28, .discriminator_width = 2});
  EXPECT_NE(MessageOf(ZerosFor(pair.discriminator)).find("[r3gan] holds a discriminator"),
            std::string::npos);
}

TEST(R3gan, NamesHolesAndMisfits) {
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  const NamedTensors good =
      BuildRandom("r3gan", {{"size", 16}, {"width", 2}, {"latent", 6}}, 0).parameters;
  has(MessageOf(Without(good, "stages.1.blocks.1.conv3.weight")),
      "wants \"stages.1.blocks.1.conv3.weight\"");
  has(MessageOf(Without(good, "basis")), "wants \"basis\", which the checkpoint lacks");
  has(MessageOf(Resized(good, "stages.0.blocks.0.conv2.weight", {16, 5, 3, 3})), "cut short?");
  NamedTensors more = good;
  more.Add("stages.99999.blocks.0.conv1.weight", Tensor::Zeros(DType::kF32, {2, 2, 1, 1}));
  has(MessageOf(more), "has 100000 stages");
  NamedTensors deep = good;
  deep.Add("stages.0.blocks.99999.conv1.weight", Tensor::Zeros(DType::kF32, {2, 2, 1, 1}));
  has(MessageOf(deep), "promises 100000 blocks");
  NamedTensors embedded = good;
  embedded.Add("label_embedding.weight", Tensor::Zeros(DType::kF32, {6, 3}));
  has(MessageOf(embedded), "has a latent of 0 numbers");
}

}  // namespace
}  // namespace gan::core
