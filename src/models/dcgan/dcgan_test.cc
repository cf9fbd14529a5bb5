#include "models/dcgan/dcgan.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/error.h"
#include "models/dcgan/layout.h"
#include "models/testing_detect.h"

namespace gan::core {
namespace {

using testing::ExpectRoundTrip;
using testing::FactOf;
using testing::MessageOf;
using testing::ZerosFor;

NamedTensors Renamed(const NamedTensors& tensors,
                     const std::function<std::string(const std::string&)>& rename) {
  NamedTensors out;
  for (const auto& [name, tensor] : tensors) out.Add(rename(name), tensor);
  return out;
}

using Named = std::pair<std::string, Shape>;

NamedTensors Made(const std::vector<Named>& all) {
  NamedTensors out;
  for (const auto& [name, shape] : all) out.Add(name, Tensor::Zeros(DType::kF32, shape));
  return out;
}

TEST(Dcgan, RoundTripsAtEverySize) {
  for (const int64_t size : {16, 28, 32, 64, 128, 256}) {
    for (const int64_t channels : {1, 2, 3, 4}) {
      for (const int64_t classes : {0, 7}) {
        ExpectRoundTrip("dcgan", {{"size", size},
                                  {"channels", channels},
                                  {"classes", classes},
                                  {"latent", 9},
                                  {"width", 3},
                                  {"norm", (size + channels) % 3 == 0 ? 0 : 1}});
      }
    }
  }
}

// The tensors of PyTorch's example at 64 pixels, with ngf 16.
TEST(Dcgan, HasTheNamesOfTheExample) {
  const Model model = BuildRandom("dcgan", {{"width", 16}}, 0);
  EXPECT_EQ(model.description, "DCGAN 64 x 64, 3 channels: from 100 random numbers");
  const std::vector<Named> wanted = {
      {"main.0.weight", {100, 128, 4, 4}}, {"main.1.running_var", {128}},
      {"main.3.weight", {128, 64, 4, 4}},  {"main.4.weight", {64}},
      {"main.6.weight", {64, 32, 4, 4}},   {"main.9.weight", {32, 16, 4, 4}},
      {"main.10.running_mean", {16}},      {"main.12.weight", {16, 3, 4, 4}}};
  for (const auto& [name, shape] : wanted) {
    EXPECT_EQ(model.parameters.At(name).shape(), shape) << name;
  }
  EXPECT_EQ(model.parameters.size(), 5u + 4 * 4);
  const Graph& graph = model.graph;
  EXPECT_EQ(ToString(graph.value(graph.inputs[0]).shape), "[N, 100, 1, 1]");
  EXPECT_EQ(ToString(graph.value(graph.outputs[0]).shape), "[N, 3, 64, 64]");
}

TEST(Dcgan, ReadsAnySequenceWhateverItIsCalled) {
  const NamedTensors made =
      BuildRandom("dcgan", {{"width", 2}, {"size", 28}, {"channels", 1}}, 0).parameters;
  const std::vector<std::function<std::string(std::string)>> namings = {
      [](const std::string& name) { return name.substr(5); },
      [](const std::string& name) { return "state_dict.net." + name.substr(5); },
      [](const std::string& name) { return "netG.module." + name; },
      [](const std::string& name) { return "deconvolutions" + name.substr(4); },
      [](const std::string& name) { return "main.1" + name.substr(4); },
  };
  for (const auto& naming : namings) {
    SCOPED_TRACE(naming("main.0.weight"));
    const Model found = DetectModel(Renamed(made, naming));
    EXPECT_EQ(found.family, "dcgan");
    EXPECT_EQ(FactOf(found, "size"), "28");
  }
}

// Widths that follow no rule, biases, and a kernel of 6: all from the tensors.
TEST(Dcgan, InfersEveryLayer) {
  const Model found = DetectModel(Made({{"0.weight", {10, 12, 5, 5}},
                                        {"0.bias", {12}},
                                        {"2.weight", {12, 7, 6, 6}},
                                        {"3.weight", {7}},
                                        {"3.bias", {7}},
                                        {"3.running_mean", {7}},
                                        {"3.running_var", {7}},
                                        {"5.weight", {7, 4, 2, 2}}}));
  EXPECT_EQ(found.description, "DCGAN 20 x 20, 4 channels: from 10 random numbers");
  EXPECT_NE(FactOf(found, "activations").find("assumed"), std::string::npos);
}

TEST(Dcgan, KnowsTheLayoutOfACourse) {
  const Model found = DetectModel(Made({{"model.0.block.0.weight", {8, 8, 3, 3}},
                                        {"model.1.block.0.weight", {8, 6, 4, 4}},
                                        {"model.2.block.0.weight", {6, 5, 3, 3}},
                                        {"model.3.weight", {5, 1, 4, 4}},
                                        {"model.3.bias", {1}}}));
  EXPECT_EQ(FactOf(found, "size"), "28");
}

// Convolutions of these kernels between one channel of everything and `channels`; with a side, a
// linear layer before them that makes 2 channels of so many pixels.
NamedTensors OfKernels(const std::vector<int64_t>& kernels, int64_t channels, int64_t side = 0) {
  std::vector<Named> all;
  if (side > 0) all.push_back({"fc.weight", {2 * side * side, 10}});
  for (size_t i = 0; i < kernels.size(); ++i) {
    const int64_t out = i + 1 < kernels.size() ? 2 : channels;
    all.push_back({fmt::format("net.{}.weight", 3 * i), {2, out, kernels[i], kernels[i]}});
  }
  return Made(all);
}

// Kernels of odd size step as the layouts do that people train.
TEST(Dcgan, StepsFollowFromTheUsualSides) {
  struct Layout {
    std::vector<int64_t> kernels;
    int64_t channels, side, size;
    const char* strides;
  };
  const std::vector<Layout> layouts = {
      {{4, 4, 4, 4, 4}, 3, 0, 64, "1 2 2 2 2"},  // PyTorch's example
      {{4, 4, 4, 4, 3}, 3, 0, 32, "1 2 2 2 1"},  // spectral normalisation's, for CIFAR
      {{7, 4, 3, 3, 4}, 1, 0, 28, "1 2 1 1 2"},  // with refinements between
      {{4, 3, 4, 4}, 1, 0, 28, "1 2 2 2"},       // 4, 7, 14, 28
      {{5, 5, 5}, 1, 7, 28, "1 2 2"},            // TensorFlow's tutorial
      {{5, 5, 5}, 3, 4, 32, "2 2 2"},            // k=5, s=2, p=2, op=1
      {{5, 5}, 1, 7, 28, "2 2"},
      {{4, 3, 3, 3, 3}, 3, 0, 64, "1 2 2 2 2"},  // k=3, s=2, p=1, op=1
      {{3, 5, 5, 5, 5}, 3, 0, 48, "1 2 2 2 2"},
      {{4, 4, 3}, 1, 7, 28, "2 2 1"},
      {{2, 2}, 1, 7, 28, "2 2"},
      {{3, 4, 3, 4}, 1, 0, 28, "2 1 2 2"}};
  for (const Layout& layout : layouts) {
    const Model found = DetectModel(OfKernels(layout.kernels, layout.channels, layout.side));
    SCOPED_TRACE(::testing::PrintToString(layout.kernels));
    EXPECT_EQ(FactOf(found, "size"), fmt::format("{}", layout.size));
    EXPECT_TRUE(FactOf(found, "strides").starts_with(layout.strides)) << FactOf(found, "strides");
    EXPECT_NE(FactOf(found, "strides").find("assumed"), std::string::npos);
  }
}

// A whole pickled module says how it steps: nothing is assumed.
TEST(Dcgan, StepsOfAPickledModuleAreItsOwn) {
  ModuleTree modules;
  for (const auto& [name, stride] : {std::pair{"0", "1"}, {"3", "3"}, {"6", "1"}}) {
    modules[name].attributes = {{"stride", stride}, {"padding", "1,1"}, {"output_padding", "0,0"}};
  }
  modules["0"].attributes.insert_or_assign("padding", "0,0");
  const Model found = DetectModel(
      Made({{"0.weight", {6, 5, 4, 4}}, {"3.weight", {5, 4, 5, 5}}, {"6.weight", {4, 3, 3, 3}}}),
      modules);
  EXPECT_EQ(FactOf(found, "size"), "12");
  EXPECT_EQ(FactOf(found, "strides"), "1 3 1 (the file says so)");
}

TEST(Dcgan, ReadsNumbersWithinNames) {
  const Model plain = DetectModel(Made({{"deconv1.weight", {10, 8, 4, 4}},
                                        {"deconv1.bias", {8}},
                                        {"deconv1_bn.weight", {8}},
                                        {"deconv1_bn.bias", {8}},
                                        {"deconv1_bn.running_mean", {8}},
                                        {"deconv1_bn.running_var", {8}},
                                        {"deconv2.weight", {8, 6, 4, 4}},
                                        {"deconv10.weight", {6, 1, 4, 4}}}));
  EXPECT_EQ(plain.description, "DCGAN 16 x 16, 1 channel: from 10 random numbers");
  const Model other = DetectModel(Made({{"tconv1.weight", {10, 8, 4, 4}},
                                        {"bn1.weight", {8}},
                                        {"bn1.bias", {8}},
                                        {"bn1.running_mean", {8}},
                                        {"bn1.running_var", {8}},
                                        {"tconv2.weight", {8, 3, 4, 4}}}));
  EXPECT_EQ(FactOf(other, "norm"), "1");
}

// The vectors of the classes beside what wraps the convolutions: without them the rest would pass
// for a generator of more random numbers.
TEST(Dcgan, ClassesOfTheCommonTutorial) {
  const Model found = DetectModel(Made({{"gen.0.0.weight", {100, 8, 4, 4}},
                                        {"gen.0.1.weight", {8}},
                                        {"gen.0.1.bias", {8}},
                                        {"gen.0.1.running_mean", {8}},
                                        {"gen.0.1.running_var", {8}},
                                        {"gen.1.0.weight", {8, 6, 4, 4}},
                                        {"gen.2.weight", {6, 3, 4, 4}},
                                        {"gen.2.bias", {3}},
                                        {"embed.weight", {10, 30}}}));
  EXPECT_EQ(found.description, "DCGAN 16 x 16, 3 channels: from 70 random numbers and 10 classes");
  EXPECT_NE(FactOf(found, "class").find("assumed"), std::string::npos);
}

std::vector<Named> Collection(int64_t side) {
  std::vector<Named> all = {
      {"l1.0.weight", {6 * side * side, 20}}, {"l1.0.bias", {6 * side * side}},
      {"conv_blocks.2.weight", {6, 6, 3, 3}}, {"conv_blocks.2.bias", {6}},
      {"conv_blocks.6.weight", {4, 6, 3, 3}}, {"conv_blocks.6.bias", {4}},
      {"conv_blocks.9.weight", {3, 4, 3, 3}}, {"conv_blocks.9.bias", {3}}};
  for (const auto& [index, channels] : {std::pair{0, 6}, {3, 6}, {7, 4}}) {
    for (const char* part : {"weight", "bias", "running_mean", "running_var"}) {
      all.push_back({fmt::format("conv_blocks.{}.{}", index, part), {channels}});
    }
  }
  return all;
}

TEST(Dcgan, ReadsTheCollectionWithEnlargements) {
  std::vector<Named> all = Collection(8);
  const Model plain = DetectModel(Made(all));
  EXPECT_EQ(plain.description, "DCGAN 32 x 32, 3 channels: from 20 random numbers");
  EXPECT_NE(FactOf(plain, "norms").find("0.8"), std::string::npos);
  EXPECT_NE(FactOf(plain, "activations").find("leaky"), std::string::npos);
  const std::string graph = ToString(plain.graph);
  size_t doubled = 0;
  for (size_t at = graph.find("resize("); at != std::string::npos;
       at = graph.find("resize(", at + 1)) {
    ++doubled;
  }
  EXPECT_EQ(doubled, 2u) << graph;
  all.push_back({"label_emb.weight", {10, 20}});
  const Model classes = DetectModel(Made(all));
  EXPECT_EQ(classes.description,
            "DCGAN 32 x 32, 3 channels: from 20 random numbers and 10 classes");
  EXPECT_NE(FactOf(classes, "class").find("multiplies"), std::string::npos);
}

TEST(Dcgan, ReadsABranchOfTheClass) {
  const Model found = DetectModel(Made({{"deconv1_1.weight", {20, 4, 4, 4}},
                                        {"deconv1_2.weight", {10, 4, 4, 4}},
                                        {"deconv2.weight", {8, 4, 4, 4}},
                                        {"deconv3.weight", {4, 1, 4, 4}}}));
  EXPECT_EQ(found.description, "DCGAN 16 x 16, 1 channel: from 20 random numbers and 10 classes");
}

TEST(Dcgan, SaysWhatADiscriminatorIs) {
  for (const bool norm : {true, false}) {
    for (const int64_t classes : {0, 5}) {
      const Pair pair = BuildPair({.size = 32,
                                   .classes = classes,
                                   .discriminator_width = 4,
                                   .dropout = 0.25,
                                   .discriminator_norm = norm});
      EXPECT_NE(MessageOf(ZerosFor(pair.discriminator)).find("[dcgan] holds a discriminator"),
                std::string::npos)
          << MessageOf(ZerosFor(pair.discriminator));
    }
  }
}

TEST(Dcgan, SaysWhatAJudgeWithALinearEndIs) {
  EXPECT_NE(MessageOf(Made({{"conv_blocks.0.weight", {4, 3, 3, 3}},
                            {"conv_blocks.3.weight", {8, 4, 3, 3}},
                            {"adv_layer.0.weight", {1, 32}},
                            {"aux_layer.0.weight", {10, 32}}}))
                .find("[dcgan] holds a discriminator"),
            std::string::npos);
}

TEST(Dcgan, NamesHolesMisfitsAndStrangers) {
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(MessageOf(Made(
          {{"0.weight", {8, 8, 5, 5}}, {"1.weight", {8, 8, 3, 3}}, {"2.weight", {8, 3, 3, 3}}})),
      "\"1.weight\" has a kernel of 3, which does not tell its stride");
  has(MessageOf(Made({{"0.weight", {8, 8, 4, 4}}, {"1.weight", {8, 1, 4, 2}}})),
      "\"1.weight\" wants a square kernel");
  has(MessageOf(Made({{"0.weight", {8, 8, 4, 4}}, {"1.weight", {9, 1, 4, 4}}})),
      "do not lead from random numbers to a picture");
  has(MessageOf(Made({{"0.weight", {8, 8, 4, 4}},
                      {"1.weight", {8, 1, 4, 4}},
                      {"label_embedding.weight", {3, 9}}})),
      "leaves none of the 8 numbers");
  has(MessageOf(Made({{"0.weight", {8, 8, 4, 4}},
                      {"1.weight", {8}},
                      {"1.running_mean", {8}},
                      {"2.weight", {8, 1, 4, 4}}})),
      "wants \"1.bias\" [8]");
  has(MessageOf(Made({{"0.weight", {8, 8, 4, 4}}, {"x.y.weight", {8, 1, 4, 4}}})),
      "has no plain sequence");
  std::vector<Named> deep = {{"0.weight", {1, 1, 4, 4}}};
  for (int i = 1; i < 80; ++i) deep.push_back({fmt::format("{}.weight", i), {1, 1, 4, 4}});
  has(MessageOf(Made(deep)), "pixels a side");
  NamedTensors empty;
  empty.Add("0.weight", Tensor::Zeros(DType::kF32, {int64_t{1} << 40, 0, 4, 4}));
  empty.Add("1.weight", Tensor::Zeros(DType::kF32, {0, 1, 4, 4}));
  has(MessageOf(empty), "has no plain sequence");
}

TEST(Dcgan, RefusesOtherSizes) { EXPECT_THROW(BuildRandom("dcgan", {{"size", 48}}, 0), Error); }

}  // namespace
}  // namespace gan::core
