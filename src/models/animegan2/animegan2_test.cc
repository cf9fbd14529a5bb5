#include "models/animegan2/animegan2.h"

#include <gtest/gtest.h>

#include "models/geometry.h"
#include "models/testing_detect.h"

namespace gan::core {
namespace {

using testing::MessageOf;
using testing::Without;

TEST(AnimeGan2, RoundTrips) {
  for (const ModelSizes& sizes :
       {ModelSizes{{"width", 4}}, ModelSizes{{"width", 3}, {"blocks", 1}, {"channels", 1}}}) {
    testing::ExpectFoundUnder({""}, "animegan2", sizes);
  }
}

TEST(AnimeGan2, PublishedSizeHasPublishedParameters) {
  const Model model = BuildRandom("animegan2", {}, 0);
  EXPECT_EQ(CostOf(model.graph, {{"N", 1}, {"H", 64}, {"W", 64}}).parameters, 2'143'552);
  const PictureGeometry geometry = GeometryOf(model.graph);
  EXPECT_EQ(geometry.multiple, 4);
  EXPECT_TRUE(geometry.everything);
}

TEST(AnimeGan2, NamesHoles) {
  const NamedTensors good = BuildRandom("animegan2", {{"width", 4}}, 0).parameters;
  EXPECT_NE(MessageOf(Without(good, "block_d.1.2.bias")).find("wants \"block_d.1.2.bias\" [16]"),
            std::string::npos);
  NamedTensors far = good;
  far.Add("block_c.999998.1.weight", Tensor::Zeros(DType::kF32, {1, 1, 1, 1}));
  EXPECT_NE(MessageOf(far).find("promise 999997"), std::string::npos);
}

}  // namespace
}  // namespace gan::core
