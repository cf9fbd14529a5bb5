#include "models/pix2pix/pix2pix.h"

#include <gtest/gtest.h>

#include "models/geometry.h"
#include "models/testing_detect.h"

namespace gan::core {
namespace {

using testing::ExpectFoundUnder;
using testing::MessageOf;
using testing::Without;

TEST(Pix2Pix, RoundTripsInEveryConfiguration) {
  const std::vector<ModelSizes> all = {
      {{"ngf", 2}},
      {{"ngf", 3}, {"num_downs", 2}},
      {{"ngf", 2}, {"num_downs", 3}, {"norm", 0}, {"input_nc", 1}},
      {{"ngf", 2}, {"num_downs", 5}, {"norm", 2}, {"output_nc", 1}},
  };
  for (const ModelSizes& sizes : all) {
    ExpectFoundUnder({"", "model.model.", "netG.module.model.model."}, "pix2pix", sizes);
  }
}

TEST(Pix2Pix, PublishedSizeHasPublishedParameters) {
  const Model model = BuildRandom("pix2pix", {}, 0);
  EXPECT_EQ(model.description, "pix2pix U-Net: 8 levels, 64 features, batch norm");
  // 54.414 million that are learned, and the statistics of 13 batch norms.
  const GraphCost cost = CostOf(model.graph, {{"N", 1}, {"H", 256}, {"W", 256}});
  EXPECT_NEAR(static_cast<double>(cost.parameters), 54.414e6, 0.02e6);
}

TEST(Pix2Pix, KnowsItsGeometry) {
  const PictureGeometry geometry =
      GeometryOf(BuildRandom("pix2pix", {{"ngf", 2}, {"num_downs", 3}}, 0).graph);
  EXPECT_EQ(geometry.multiple, 8);
  EXPECT_FALSE(geometry.everything);
}

TEST(Pix2Pix, DropsAtTheInnerLevels) {
  const auto drops = [](int64_t levels, const ModuleTree& modules) {
    const Model made = BuildRandom("pix2pix", {{"ngf", 2}, {"num_downs", levels}}, 0);
    return testing::FactOf(DetectModel(made.parameters, modules), "dropout");
  };
  EXPECT_EQ(drops(5, {}), "none");
  EXPECT_EQ(drops(6, {}), "0.5 (assumed) at 1 of 6 levels");
  EXPECT_EQ(drops(8, {}), "0.5 (assumed) at 3 of 8 levels");
  // A pickled module says whether there is any.
  const ModuleFacts norm{"torch.nn.modules.batchnorm.BatchNorm2d", {}};
  const ModuleFacts dropout{"torch.nn.modules.dropout.Dropout", {}};
  EXPECT_EQ(drops(8, {{"1.model.2", norm}}), "none");
  EXPECT_EQ(drops(8, {{"1.model.2", norm}, {"1.model.3.model.3.model.3.model.3.model.7", dropout}}),
            "0.5 (assumed) at 3 of 8 levels");
}

TEST(Pix2Pix, NamesHolesAndMisfits) {
  const NamedTensors good = BuildRandom("pix2pix", {{"ngf", 2}, {"num_downs", 3}}, 0).parameters;
  EXPECT_NE(MessageOf(Without(good, "1.model.3.model.3.weight")).find("wants \"1.model.3.model.3"),
            std::string::npos);
  EXPECT_NE(MessageOf(Without(good, "1.model.2.running_var")).find("1.model.2.running_var"),
            std::string::npos);
  EXPECT_NE(MessageOf(testing::Resized(good, "0.weight", {2, 3, 3, 3})).find("4 x 4"),
            std::string::npos);
}

}  // namespace
}  // namespace gan::core
