#include "models/compact/compact.h"

#include <gtest/gtest.h>

#include "models/geometry.h"
#include "models/testing_detect.h"

namespace gan::core {
namespace {

using testing::FactOf;
using testing::MessageOf;
using testing::Without;

TEST(Compact, RoundTripsAtEverySize) {
  const std::vector<ModelSizes> all = {
      {},
      {{"num_feat", 5}, {"num_conv", 0}, {"upscale", 1}},
      {{"num_feat", 9}, {"num_conv", 3}, {"upscale", 2}, {"num_in_ch", 1}},
      {{"num_feat", 24}, {"num_conv", 8}, {"upscale", 3}, {"num_in_ch", 4}},
      {{"num_feat", 6}, {"num_conv", 2}, {"upscale", 8}},
      {{"num_feat", 8}, {"num_conv", 2}, {"act_type", 1}},
  };
  for (const ModelSizes& sizes : all) {
    const Model made = BuildRandom("compact", sizes, 3);
    SCOPED_TRACE(made.description);
    const Model found = DetectModel(made.parameters);
    EXPECT_EQ(found.family, "compact");
    for (const char* name : {"upscale", "num_in_ch", "num_feat", "num_conv"}) {
      EXPECT_EQ(FactOf(found, name), FactOf(made, name)) << name;
    }
    EXPECT_EQ(ToString(found.graph), ToString(made.graph));
    EXPECT_EQ(found.parameters.size(), made.parameters.size());
  }
}

TEST(Compact, SaysWhenTheActivationIsAGuess) {
  const Model relu = BuildRandom("compact", {{"num_feat", 4}, {"num_conv", 1}, {"act_type", 1}}, 0);
  EXPECT_EQ(FactOf(relu, "act_type"), "ReLU");
  EXPECT_EQ(FactOf(DetectModel(relu.parameters), "act_type"),
            "ReLU (assumed: the file does not say)");
  const Model leaky =
      BuildRandom("compact", {{"num_feat", 4}, {"num_conv", 1}, {"act_type", 2}}, 0);
  EXPECT_NE(ToString(leaky.graph).find("kind=leaky_relu, alpha=0.1"), std::string::npos);
}

TEST(Compact, KnowsItsGeometry) {
  const Model model = BuildRandom("compact", {{"num_feat", 4}, {"num_conv", 2}}, 0);
  EXPECT_EQ(GeometryOf(model.graph), (PictureGeometry{.scale_num = 4, .context = 4}));
}

TEST(Compact, PublishedSizeHasPublishedParameters) {
  const Model model = BuildRandom("compact", {}, 0);
  EXPECT_EQ(model.description, "Real-ESRGAN compact x4: 18 convolutions, 64 features, PReLU");
  EXPECT_EQ(CostOf(model.graph, {{"N", 1}, {"H", 8}, {"W", 8}}).parameters, 621'424);
}

TEST(Compact, NamesHolesMisfitsAndStrangers) {
  const NamedTensors good =
      BuildRandom("compact", {{"num_feat", 4}, {"num_conv", 2}}, 0).parameters;
  EXPECT_NE(MessageOf(Without(good, "body.3.weight")).find("[compact] wants \"body.3.weight\" [4]"),
            std::string::npos);
  EXPECT_NE(MessageOf(Without(good, "body.2.bias")).find("wants \"body.2.bias\" [4]"),
            std::string::npos);
  EXPECT_NE(MessageOf(Without(Without(good, "body.6.weight"), "body.6.bias")).find("at \"body.5\""),
            std::string::npos);
  NamedTensors odd = Without(good, "body.6.weight");
  odd.Add("body.6.weight", Tensor::Zeros(DType::kF32, {50, 4, 3, 3}));
  EXPECT_NE(MessageOf(odd).find("wants 3 channels times the square of a scale, got 50"),
            std::string::npos);
  NamedTensors far = good;
  far.Add("body.999998.weight", Tensor::Zeros(DType::kF32, {48, 4, 3, 3}));
  EXPECT_NE(MessageOf(far).find("\"body.999998\""), std::string::npos);
  NamedTensors more = good;
  more.Add("tail.weight", Tensor::Zeros(DType::kF32, {1}));
  EXPECT_NE(MessageOf(more).find("has \"tail.weight\" [1] besides \"body\""), std::string::npos);
}

}  // namespace
}  // namespace gan::core
