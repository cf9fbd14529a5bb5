#include "models/srgan/srgan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <utility>
#include <vector>

#include "models/geometry.h"
#include "models/testing_detect.h"

namespace gan::core {
namespace {

using testing::ExpectFoundUnder;
using testing::FactOf;
using testing::MessageOf;
using testing::Without;

// Regular expressions, and what the first that matches becomes; "" drops the tensor.
using Rename = std::vector<std::pair<std::string, std::string>>;

std::string Renamed(const std::string& name, const Rename& rename) {
  for (const auto& [from, to] : rename) {
    const std::regex pattern(from);
    if (std::regex_search(name, pattern)) return std::regex_replace(name, pattern, to);
  }
  return name;
}

std::vector<std::string> ParametersOf(const Graph& graph) {
  std::vector<std::string> names;
  for (const Value& value : graph.values) {
    if (value.kind == ValueKind::kParameter) names.push_back(value.name);
  }
  return names;
}

std::string OpsOf(const Graph& graph) {
  std::string ops;
  for (const Node& node : graph.nodes) ops += fmt::format("{} ", NameOf(node.op));
  return ops;
}

NamedTensors Renamed(const NamedTensors& tensors, const Rename& rename) {
  NamedTensors out;
  for (const auto& [name, tensor] : tensors) {
    const std::string to = Renamed(name, rename);
    if (!to.empty()) out.Add(to, tensor);
  }
  return out;
}

// The same weights under other names: each must come to the place that it had. What stands before
// the first convolution and behind the last one is not compared.
Model ExpectSameUnder(const Rename& rename, const ModelSizes& sizes) {
  const Model made = BuildRandom("srgan", sizes, 5);
  const Model found = DetectModel(Renamed(made.parameters, rename));
  EXPECT_EQ(found.family, "srgan");
  for (const char* fact : {"scale", "channels", "features", "blocks", "kernel", "norm"}) {
    EXPECT_EQ(FactOf(found, fact), FactOf(made, fact)) << fact;
  }
  std::vector<std::string> wanted;
  for (const std::string& name : ParametersOf(made.graph)) {
    const std::string to = Renamed(name, rename);
    if (!to.empty()) wanted.push_back(to);
  }
  EXPECT_EQ(ParametersOf(found.graph), wanted);
  return found;
}

const ModelSizes kSmall = {{"features", 8}, {"blocks", 11}};

TEST(Srgan, RoundTripsInEveryConfiguration) {
  const std::vector<ModelSizes> all = {
      {{"features", 8}, {"blocks", 1}},
      {{"features", 6}, {"blocks", 11}, {"scale", 2}, {"slopes", 2}},
      {{"features", 5}, {"blocks", 2}, {"scale", 8}, {"channels", 1}, {"kernel", 3}},
      {{"features", 7}, {"blocks", 3}, {"scale", 3}, {"norm", 0}},
      {{"features", 9}, {"blocks", 2}, {"norm", 0}, {"slopes", 0}},
      {{"features", 8}, {"blocks", 2}, {"slopes", 0}, {"kernel", 1}},
      {{"features", 8}, {"blocks", 12}, {"modified", 1}, {"scale", 4}},
      {{"features", 8}, {"blocks", 1}, {"modified", 1}, {"scale", 3}},
      {{"features", 8}, {"blocks", 2}, {"modified", 1}, {"scale", 2}, {"channels", 4}},
  };
  for (const ModelSizes& sizes : all) {
    ExpectFoundUnder({"", "generator.", "netG.module."}, "srgan", sizes);
  }
}

// Every release of Lornatang/SRGAN-PyTorch names its parts anew.
TEST(Srgan, KnowsLornatang) {
  const std::string rcb = R"(trunk\.(\d+)\.rcb\.)";
  const auto block = [&](const std::string& to) {
    return Rename{{rcb + "0", to + "conv1"},
                  {rcb + "1", to + "bn1"},
                  {rcb + "2", to + "prelu"},
                  {rcb + "3", to + "conv2"},
                  {rcb + "4", to + "bn2"}};
  };
  Rename subpixel = block("trunk.$1.");
  subpixel.push_back({R"(upsampling\.(\d)\.upsample_block\.0)", "subpixel_conv.$1.conv"});
  subpixel.push_back({R"(upsampling\.(\d)\.upsample_block\.2)", "subpixel_conv.$1.prelu"});
  Rename sequential = block("residual_blocks.$1.");
  sequential.push_back({R"(upsampling\.0\.upsample_block\.0)", "upsampling.0"});
  sequential.push_back({R"(upsampling\.0\.upsample_block\.2)", "upsampling.3"});
  sequential.push_back({R"(upsampling\.1\.upsample_block\.0)", "upsampling.4"});
  sequential.push_back({R"(upsampling\.1\.upsample_block\.2)", "upsampling.7"});
  const Rename blocks = {{R"(^conv(\d))", "conv_block$1"}, {rcb, "residual_blocks.$1.conv_block."}};
  for (const Rename& rename : {Rename{}, subpixel, sequential, blocks}) {
    const Model found = ExpectSameUnder(rename, kSmall);
    EXPECT_EQ(FactOf(found, "tensor names"), "Lornatang/SRGAN-PyTorch");
    EXPECT_EQ(OpsOf(found.graph), OpsOf(BuildRandom("srgan", kSmall, 0).graph));
    EXPECT_NE(FactOf(found, "assumed").find("plain numbers in [0, 1] out"), std::string::npos);
  }
}

TEST(Srgan, FindsNormsBehindEnlargements) {
  NamedTensors tensors = BuildRandom("srgan", kSmall, 5).parameters;
  for (const char* part : {"weight", "bias", "running_mean", "running_var"}) {
    for (int i = 0; i < 2; ++i) {
      tensors.Add(fmt::format("upsampling.{}.upsample_block.1.{}", i, part),
                  Tensor::Zeros(DType::kF32, {32}));
    }
  }
  const std::vector<std::string> names = ParametersOf(DetectModel(tensors).graph);
  const auto norm = std::ranges::find(names, "upsampling.1.upsample_block.1.weight");
  ASSERT_NE(norm, names.end());
  EXPECT_EQ(*(norm - 1), "upsampling.1.upsample_block.0.bias");
}

TEST(Srgan, KnowsLeftthomas) {
  const Model found =
      ExpectSameUnder({{R"(^conv1)", "block1"},
                       {R"(^conv2)", "block13"},
                       {R"(trunk\.0\.rcb\.0)", "block2.conv1"},
                       {R"(trunk\.0\.rcb\.1)", "block2.bn1"},
                       {R"(trunk\.0\.rcb\.2)", "block2.prelu"},
                       {R"(trunk\.0\.rcb\.3)", "block2.conv2"},
                       {R"(trunk\.0\.rcb\.4)", "block2.bn2"},
                       {R"(trunk\.1\.rcb\.0)", "block10.conv1"},
                       {R"(trunk\.1\.rcb\.1)", "block10.bn1"},
                       {R"(trunk\.1\.rcb\.2)", "block10.prelu"},
                       {R"(trunk\.1\.rcb\.3)", "block10.conv2"},
                       {R"(trunk\.1\.rcb\.4)", "block10.bn2"},
                       {R"(upsampling\.(\d)\.upsample_block\.0)", "block14.$1.conv"},
                       {R"(upsampling\.(\d)\.upsample_block\.2)", "block14.$1.prelu"},
                       {R"(^conv3)", "block14.2"}},
                      {{"features", 8}, {"blocks", 2}});
  EXPECT_EQ(FactOf(found, "tensor names"), "leftthomas/SRGAN");
  EXPECT_TRUE(OpsOf(found.graph).ends_with("conv2d activation affine ")) << OpsOf(found.graph);
}

TEST(Srgan, KnowsSgrvinodAndItsMeasure) {
  const Rename rename = {
      {R"(trunk\.(\d+)\.rcb\.([012]))", "residual_blocks.$1.conv_block1.conv_block.$2"},
      {R"(trunk\.(\d+)\.rcb\.3)", "residual_blocks.$1.conv_block2.conv_block.0"},
      {R"(trunk\.(\d+)\.rcb\.4)", "residual_blocks.$1.conv_block2.conv_block.1"},
      {R"(upsampling\.(\d)\.upsample_block\.0)", "subpixel_convolutional_blocks.$1.conv"},
      {R"(upsampling\.(\d)\.upsample_block\.2)", "subpixel_convolutional_blocks.$1.prelu"},
      {R"(^conv3)", "conv_block3.conv_block.0"},
      {R"(^conv(\d))", "conv_block$1.conv_block"}};
  const Model found = ExpectSameUnder(rename, kSmall);
  EXPECT_NE(FactOf(found, "assumed").find("ImageNet's mean and deviation in, tanh in [-1, 1] out"),
            std::string::npos);
  EXPECT_TRUE(
      OpsOf(found.graph).starts_with("slice affine slice affine slice affine concat conv2d"));
}

TEST(Srgan, KnowsAladdinPerssonAndDropsWhatIsUnused) {
  const Rename rename = {{R"(^conv1\.0)", "initial.cnn"},
                         {R"(^conv1\.1)", "initial.act"},
                         {R"(trunk\.(\d+)\.rcb\.0)", "residuals.$1.block1.cnn"},
                         {R"(trunk\.(\d+)\.rcb\.1)", "residuals.$1.block1.bn"},
                         {R"(trunk\.(\d+)\.rcb\.2)", "residuals.$1.block1.act"},
                         {R"(trunk\.(\d+)\.rcb\.3)", "residuals.$1.block2.cnn"},
                         {R"(trunk\.(\d+)\.rcb\.4)", "residuals.$1.block2.bn"},
                         {R"(^conv2\.0)", "convblock.cnn"},
                         {R"(^conv2\.1)", "convblock.bn"},
                         {R"(upsampling\.(\d)\.upsample_block\.0)", "upsamples.$1.conv"},
                         {R"(upsampling\.(\d)\.upsample_block\.2)", "upsamples.$1.act"},
                         {R"(^conv3)", "final"}};
  const ModelSizes sizes = {{"features", 8}, {"blocks", 2}, {"slopes", 2}};
  EXPECT_EQ(FactOf(ExpectSameUnder(rename, sizes), "activation"), "PReLU, a slope a channel");
  NamedTensors tensors = Renamed(BuildRandom("srgan", sizes, 5).parameters, rename);
  const size_t used = tensors.size();
  tensors.Add("residuals.0.block2.act.weight", Tensor::Zeros(DType::kF32, {8}));
  tensors.Add("convblock.act.weight", Tensor::Zeros(DType::kF32, {8}));
  EXPECT_EQ(DetectModel(tensors).parameters.size(), used);
}

TEST(Srgan, KnowsTheFirstConvolutionsOfOthers) {
  // No biases and no PReLU, but leaky ReLU.
  const Model twtygqyy =
      ExpectSameUnder({{R"(^(conv\d|upsampling).*bias$)", ""},
                       {R"(^conv1\.0)", "conv_input"},
                       {R"(trunk\.(\d+)\.rcb\.0)", "residual.$1.conv1"},
                       {R"(trunk\.(\d+)\.rcb\.1)", "residual.$1.bn1"},
                       {R"(trunk\.(\d+)\.rcb\.3)", "residual.$1.conv2"},
                       {R"(trunk\.(\d+)\.rcb\.4)", "residual.$1.bn2"},
                       {R"(upsampling\.0\.upsample_block\.0)", "upscale4x.0"},
                       {R"(upsampling\.1\.upsample_block\.0)", "upscale4x.3"},
                       {R"(^conv3)", "conv_output"}},
                      {{"features", 8}, {"blocks", 2}, {"slopes", 0}, {"norm", 0}});
  EXPECT_NE(FactOf(twtygqyy, "assumed").find("LeakyReLU 0.2 in blocks, LeakyReLU 0.2 outside"),
            std::string::npos);
  // One PReLU that all share, saved with each.
  const Model donghee =
      ExpectSameUnder({{R"(^conv1)", "conv01.body"},
                       {R"(trunk\.(\d+)\.rcb\.([012]))", "body.$1.body.0.body.$2"},
                       {R"(trunk\.(\d+)\.rcb\.3)", "body.$1.body.1.body.0"},
                       {R"(trunk\.(\d+)\.rcb\.4)", "body.$1.body.1.body.1"},
                       {R"(^conv2)", "conv02.body"},
                       {R"(upsampling\.(\d)\.upsample_block\.0)", "tail.$1.body.0.body.0"},
                       {R"(upsampling\.(\d)\.upsample_block\.2)", "tail.$1.body.2"},
                       {R"(^conv3)", "last_conv.body.0"}},
                      {{"features", 8}, {"blocks", 2}});
  EXPECT_TRUE(OpsOf(donghee.graph).starts_with("affine conv2d prelu"));
  const Model erik = ExpectSameUnder({{R"(trunk\.(\d+)\.rcb\.)", "res_blocks.$1.conv_block."},
                                      {R"(upsampling\.0\.upsample_block\.0)", "upsampling.0"},
                                      {R"(upsampling\.1\.upsample_block\.0)", "upsampling.4"},
                                      {R"(^conv3)", "conv3.0"}},
                                     {{"features", 8}, {"blocks", 2}, {"slopes", 0}});
  EXPECT_NE(FactOf(erik, "assumed").find("ReLU in blocks, ReLU outside"), std::string::npos);
  EXPECT_TRUE(OpsOf(erik.graph).ends_with("slice affine slice affine slice affine concat "));
}

TEST(Srgan, KnowsDepthwiseBlocks) {
  const ModelSizes sizes = {{"features", 8}, {"blocks", 2}, {"kernel", 3}};
  NamedTensors tensors;
  for (const auto& [name, tensor] : BuildRandom("srgan", sizes, 5).parameters) {
    const std::string to =
        Renamed(name, {{R"(^conv1)", "neck"},
                       {R"(trunk\.(\d+)\.rcb\.0)", "stem.$1.conv1"},
                       {R"(trunk\.(\d+)\.rcb\.1)", "stem.$1.bn1"},
                       {R"(trunk\.(\d+)\.rcb\.2)", "stem.$1.relu1"},
                       {R"(trunk\.(\d+)\.rcb\.3)", "stem.$1.conv2"},
                       {R"(trunk\.(\d+)\.rcb\.4)", "stem.$1.bn2"},
                       {R"(^conv2)", "bottleneck"},
                       {R"(upsampling\.(\d)\.upsample_block\.0)", "upsampling.$1.conv"},
                       {R"(upsampling\.(\d)\.upsample_block\.2)", "upsampling.$1.relu"},
                       {R"(^conv3)", "head.0"}});
    const bool depthwise = to.ends_with("conv1.weight"), pointwise = to.ends_with("conv2.weight");
    tensors.Add(to, depthwise   ? Tensor::Zeros(DType::kF32, {8, 1, 3, 3})
                    : pointwise ? Tensor::Zeros(DType::kF32, {8, 8, 1, 1})
                                : tensor);
  }
  const Model found = DetectModel(tensors);
  EXPECT_EQ(FactOf(found, "tensor names"), "HasnainRaz/Fast-SRGAN");
  EXPECT_NE(ToString(found.graph).find("groups=8"), std::string::npos) << ToString(found.graph);
}

TEST(Srgan, KnowsModifiedNetworksAndTheirBase) {
  const ModelSizes sizes = {{"features", 8}, {"blocks", 12}, {"modified", 1}};
  const Rename kair = {{"^body", "recon_trunk"}, {"conv_hr", "HRconv"}};
  const Rename mmediting = {{"^body", "trunk_net"}, {R"(upconv(\d))", "upsample$1.upsample_conv"}};
  for (const Rename& rename : {Rename{}, kair, mmediting}) {
    const Model found = ExpectSameUnder(rename, sizes);
    EXPECT_EQ(found.description, "MSRResNet x4: 12 residual blocks, 8 features, no norm");
    EXPECT_TRUE(OpsOf(found.graph).ends_with("resize binary ")) << OpsOf(found.graph);
    EXPECT_NE(FactOf(found, "assumed").find("ReLU in blocks, LeakyReLU 0.1 outside, added"),
              std::string::npos);
  }
}

// Numbers all through, pixels by shuffling or by repetition.
TEST(Srgan, KnowsTheFirstReleaseOfBasicSr) {
  const auto tensors = [](bool shuffle) {
    NamedTensors out;
    const auto add = [&](const std::string& name, int64_t outputs, int64_t inputs) {
      out.Add(name + ".weight", Tensor::Zeros(DType::kF32, {outputs, inputs, 3, 3}));
      out.Add(name + ".bias", Tensor::Zeros(DType::kF32, {outputs}));
    };
    add("model.0", 8, 3);
    for (int i = 0; i < 11; ++i) {
      add(fmt::format("model.1.sub.{}.res.0", i), 8, 8);
      add(fmt::format("model.1.sub.{}.res.2", i), 8, 8);
    }
    add("model.1.sub.11", 8, 8);
    add(shuffle ? "model.2" : "model.3", shuffle ? 32 : 8, 8);
    add(shuffle ? "model.5" : "model.6", shuffle ? 32 : 8, 8);
    add("model.8", 8, 8);
    add("model.10", 3, 8);
    return out;
  };
  for (const bool shuffle : {true, false}) {
    const Model found = DetectModel(tensors(shuffle));
    EXPECT_EQ(found.description, "SRGAN x4: 11 residual blocks, 8 features, no norm");
    EXPECT_EQ(FactOf(found, "tensor names"), "SRResNet of BasicSR's first release");
    const std::string ops = OpsOf(found.graph);
    EXPECT_EQ(ops.find("pixel_shuffle") != std::string::npos, shuffle);
    EXPECT_EQ(ops.find("resize") != std::string::npos, !shuffle);
    const std::vector<std::string> names = ParametersOf(found.graph);
    EXPECT_EQ(names[names.size() - 4], "8.weight");
  }
}

TEST(Srgan, AssumesThePaperForUnknownNames) {
  const Model found = ExpectSameUnder({{R"(trunk\.(\d+)\.rcb)", "deep.$1.inner"},
                                       {R"(^conv1)", "entry"},
                                       {R"(^conv2)", "bridge"},
                                       {R"(^upsampling)", "grow"},
                                       {R"(^conv3)", "exit"}},
                                      kSmall);
  EXPECT_EQ(
      FactOf(found, "assumed"),
      "pictures in [0, 1] in, tanh in [-1, 1] out, as the paper has it (the file does not say)");
  EXPECT_EQ(FactOf(found, "tensor names"), "none");
}

TEST(Srgan, KnowsItsGeometryAndCost) {
  const Model model = BuildRandom("srgan", {}, 0);
  const PictureGeometry geometry = GeometryOf(model.graph);
  EXPECT_EQ(geometry.scale_num, 4);
  EXPECT_EQ(geometry.multiple, 1);
  EXPECT_FALSE(geometry.everything);
  // 1.547 million that are learned, and the statistics of 33 batch norms.
  EXPECT_EQ(CostOf(model.graph, {{"N", 1}, {"H", 24}, {"W", 24}}).parameters, 1'547'350 + 33 * 128);
  EXPECT_EQ(GeometryOf(BuildRandom("srgan", {{"modified", 1}, {"scale", 3}}, 0).graph).scale_num,
            3);
}

TEST(Srgan, NamesHolesMisfitsAndStrangers) {
  const NamedTensors good = BuildRandom("srgan", {{"features", 8}, {"blocks", 2}}, 0).parameters;
  EXPECT_NE(MessageOf(Without(good, "trunk.1.rcb.1.bias")).find("wants \"trunk.1.rcb.1.bias\" [8]"),
            std::string::npos);
  EXPECT_NE(
      MessageOf(Without(good, "trunk.0.rcb.4.running_mean")).find("a batch norm a convolution"),
      std::string::npos);
  EXPECT_NE(MessageOf(Without(good, "conv1.0.weight"))
                .find("has 0 convolutions from a picture to 8 features and 1"),
            std::string::npos);
  EXPECT_NE(MessageOf(testing::Resized(good, "upsampling.1.upsample_block.0.weight", {24, 8, 3, 3}))
                .find("a square number of times the 8 channels"),
            std::string::npos);
  EXPECT_NE(MessageOf(testing::Resized(good, "conv3.weight", {3, 8, 4, 4})).find("odd size"),
            std::string::npos);
  NamedTensors more = good;
  more.Add("attention.weight", Tensor::Zeros(DType::kF32, {8, 8}));
  EXPECT_NE(MessageOf(more).find("no place for \"attention.weight\""), std::string::npos);
  // EDSR looks the same but for its names, and scales its blocks by a number that is in no file.
  NamedTensors plain;
  for (const auto& [name, tensor] :
       BuildRandom("srgan", {{"features", 8}, {"norm", 0}, {"slopes", 0}}, 0).parameters) {
    plain.Add(Renamed(name, {{R"(trunk\.(\d+)\.rcb)", "body.$1.body"}, {"^conv3", "tail.1"}}),
              tensor);
  }
  EXPECT_NE(MessageOf(plain).find("without batch norm and PReLU"), std::string::npos);
}

}  // namespace
}  // namespace gan::core
