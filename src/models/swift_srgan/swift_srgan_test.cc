#include "models/swift_srgan/swift_srgan.h"

#include <gtest/gtest.h>

#include "models/geometry.h"
#include "models/testing_detect.h"

namespace gan::core {
namespace {

using testing::MessageOf;
using testing::Without;

TEST(SwiftSrgan, RoundTrips) {
  const std::vector<ModelSizes> all = {
      {{"features", 4}, {"blocks", 1}},
      {{"features", 6}, {"blocks", 11}, {"scale", 2}},
      {{"features", 4}, {"blocks", 2}, {"scale", 8}, {"channels", 1}},
  };
  for (const ModelSizes& sizes : all) {
    const Model made = BuildRandom("swift-srgan", sizes, 3);
    SCOPED_TRACE(made.description);
    NamedTensors tensors = made.parameters;
    // Made with every block, never used.
    tensors.Add("residual.0.block2.act.weight", Tensor::Zeros(DType::kF32, {4}));
    tensors.Add("convblock.act.weight", Tensor::Zeros(DType::kF32, {4}));
    testing::ExpectSameNetwork(DetectModel(tensors), made);
  }
}

TEST(SwiftSrgan, KnowsItsGeometry) {
  const PictureGeometry geometry =
      GeometryOf(BuildRandom("swift-srgan", {{"features", 4}, {"blocks", 2}}, 0).graph);
  EXPECT_EQ(geometry.scale_num, 4);
  EXPECT_EQ(geometry.multiple, 1);
  EXPECT_FALSE(geometry.everything);
}

TEST(SwiftSrgan, NamesHoles) {
  const NamedTensors good =
      BuildRandom("swift-srgan", {{"features", 4}, {"blocks", 1}}, 0).parameters;
  EXPECT_NE(MessageOf(Without(good, "residual.0.block1.act.weight"))
                .find("wants \"residual.0.block1.act.weight\" [4]"),
            std::string::npos);
  NamedTensors far = good;
  far.Add("residual.999998.block1.bn.weight", Tensor::Zeros(DType::kF32, {4}));
  EXPECT_NE(MessageOf(far).find("promise 999999"), std::string::npos);
}

}  // namespace
}  // namespace gan::core
