#include "models/cyclegan/cyclegan.h"

#include <gtest/gtest.h>

#include "models/geometry.h"
#include "models/testing_detect.h"

namespace gan::core {
namespace {

using testing::ExpectFoundUnder;
using testing::FactOf;
using testing::MessageOf;
using testing::Without;

ModelSizes Small(ModelSizes sizes) {
  sizes.emplace("ngf", 4);
  sizes.emplace("n_blocks", 2);
  return sizes;
}

TEST(CycleGan, RoundTripsInEveryConfiguration) {
  const std::vector<ModelSizes> all = {
      {},
      {{"n_blocks", 9}, {"n_downs", 1}},
      {{"norm", 1}, {"dropout", 1}, {"input_nc", 1}, {"output_nc", 4}},
      {{"norm", 2}, {"reflect", 0}},
      {{"reflect", 0}, {"dropout", 1}, {"n_downs", 3}},
      {{"sampling", 1}},
      {{"sampling", 1}, {"norm", 1}, {"n_downs", 3}},
      {{"sampling", 2}, {"norm", 1}},
      {{"sampling", 3}, {"dropout", 1}},
  };
  for (const ModelSizes& sizes : all) {
    ExpectFoundUnder({"", "model.", "module.model."}, "cyclegan", Small(sizes));
  }
}

TEST(CycleGan, PublishedSizeHasPublishedParameters) {
  const Model model = BuildRandom("cyclegan", {}, 0);
  EXPECT_EQ(model.description,
            "CycleGAN ResNet generator: 9 blocks, 64 features, instance norm, transposed "
            "convolutions");
  EXPECT_EQ(CostOf(model.graph, {{"N", 1}, {"H", 256}, {"W", 256}}).parameters, 11'378'179);
}

TEST(CycleGan, KnowsItsGeometry) {
  const PictureGeometry instance = GeometryOf(BuildRandom("cyclegan", Small({}), 0).graph);
  EXPECT_EQ(instance.multiple, 4);
  EXPECT_EQ(instance.scale_num, 1);
  EXPECT_TRUE(instance.everything);
  // Batch norm has its statistics in the file: tiles are as good as the whole picture.
  const PictureGeometry batch = GeometryOf(BuildRandom("cyclegan", Small({{"norm", 1}}), 0).graph);
  EXPECT_FALSE(batch.everything);
  EXPECT_GT(batch.context, 4);
}

// Releases before 0.4 saved statistics that instance norms never read.
TEST(CycleGan, PassesOverUnusedStatistics) {
  const Model made = BuildRandom("cyclegan", Small({}), 3);
  NamedTensors tensors = made.parameters;
  tensors.Add("2.running_mean", Tensor::Zeros(DType::kF32, {4}));
  tensors.Add("2.running_var", Tensor::Zeros(DType::kF32, {4}));
  EXPECT_EQ(ToString(DetectModel(tensors).graph), ToString(made.graph));
}

TEST(CycleGan, ReadsTheNamesOfAnotherImplementation) {
  NamedTensors tensors;
  const auto add = [&](const std::string& name, const Shape& weight, int64_t outputs) {
    tensors.Add(name + ".weight", Tensor::Zeros(DType::kF32, weight));
    tensors.Add(name + ".bias", Tensor::Zeros(DType::kF32, {outputs}));
  };
  add("Input", {4, 3, 7, 7}, 4);
  add("DownStage.block0.conv", {8, 4, 3, 3}, 8);
  add("ResStage.block0.conv_in_relu.conv", {8, 8, 3, 3}, 8);
  add("ResStage.block0.conv_in.conv", {8, 8, 3, 3}, 8);
  add("UpStage.block0.upconv", {8, 4, 3, 3}, 4);
  add("Output.conv", {3, 4, 7, 7}, 3);
  const Model found = DetectModel(tensors);
  EXPECT_EQ(FactOf(found, "tensor names"), "akanametov/cyclegan");
  EXPECT_EQ(FactOf(found, "n_blocks"), "1");
  EXPECT_EQ(FactOf(found, "n_downs"), "1");
}

TEST(CycleGan, NamesHolesMisfitsAndStrangers) {
  const NamedTensors good = BuildRandom("cyclegan", Small({}), 0).parameters;
  const auto expect = [](const NamedTensors& tensors, std::string_view words) {
    const std::string message = MessageOf(tensors);
    EXPECT_NE(message.find(words), std::string::npos) << message;
  };
  expect(Without(good, "11.conv_block.5.weight"), "\"11.conv_block.\" wants two convolutions");
  expect(Without(good, "7.weight"), "");
  expect(Without(good, "10.conv_block.1.weight"), "\"10.conv_block.\" wants two convolutions");
  expect(Without(good, "12.weight"), "");
  expect(testing::Resized(good, "4.weight", {8, 4, 3, 5}), "wants a square kernel");
  expect(testing::Resized(good, "10.conv_block.1.weight", {16, 9, 3, 3}), "wants [16, 16, 3, 3]");
}

}  // namespace
}  // namespace gan::core
