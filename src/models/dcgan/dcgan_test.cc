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

TEST(Dcgan, NamesHolesMisfitsAndStrangers) {
  const auto has = [](const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(MessageOf(Made(
          {{"0.weight", {8, 8, 4, 4}}, {"1.weight", {8, 8, 3, 3}}, {"2.weight", {8, 1, 4, 4}}})),
      "\"1.weight\" has a kernel of 3");
  has(MessageOf(Made({{"0.weight", {8, 8, 4, 4}}, {"1.weight", {8, 1, 4, 2}}})),
      "\"1.weight\" wants a square kernel");
  has(MessageOf(Made({{"0.weight", {8, 8, 4, 4}}, {"1.weight", {9, 1, 4, 4}}})),
      "do not lead from random numbers to a picture");
  has(MessageOf(Made({{"0.weight", {8, 8, 4, 4}},
                      {"1.weight", {8, 1, 4, 4}},
                      {"label_embedding.weight", {8, 3}}})),
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
