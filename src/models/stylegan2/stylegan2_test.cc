#include "models/stylegan2/stylegan2.h"

#include <gtest/gtest.h>

#include "models/style_choice.h"
#include "models/testing_detect.h"

namespace gan::core {
namespace {

using testing::FactOf;
using testing::MessageOf;
using testing::Without;

ModelSizes Small(ModelSizes sizes) {
  for (const auto& [name, value] : ModelSizes{{"size", 16},
                                              {"latent", 6},
                                              {"style", 5},
                                              {"mapping", 2},
                                              {"base", 64},
                                              {"widest", 7}}) {
    sizes.emplace(name, value);
  }
  return sizes;
}

bool IsDoublingWeight(std::string_view name) { return name.ends_with("conv0.weight"); }

Tensor Swapped(const Tensor& weight) {
  const Shape& shape = weight.shape();
  Tensor out(DType::kF32, {shape[1], shape[0], shape[2], shape[3]});
  const int64_t taps = shape[2] * shape[3];
  for (int64_t i = 0; i < shape.elements(); ++i) {
    const int64_t from =
        i % taps + i / taps / shape[1] * taps + i / taps % shape[1] * taps * shape[0];
    out.floats()[static_cast<size_t>(from)] = weight.floats()[static_cast<size_t>(i)];
  }
  return out;
}

// What NVIDIA's implementation would save of it.
NamedTensors InFile(const Model& model, const std::string& head = "") {
  NamedTensors out;
  for (const auto& [name, tensor] : model.parameters) {
    if (name.starts_with("truncation.")) continue;
    Tensor saved = IsDoublingWeight(name) ? Swapped(tensor) : tensor;
    if (name.ends_with("noise_strength")) saved = tensor.Reshaped({});
    if (name.ends_with("noise_const"))
      saved = tensor.Reshaped({tensor.shape()[2], tensor.shape()[3]});
    if (name.ends_with("const")) {
      const Shape& s = tensor.shape();
      saved = name.ends_with("noise_const") ? saved : tensor.Reshaped({s[1], s[2], s[3]});
    }
    const bool bias = name.ends_with(".bias") && tensor.shape().rank() == 4;
    if (bias || name.ends_with("w_avg")) saved = tensor.Reshaped({tensor.shape().elements()});
    out.Add(head + name, saved);
  }
  return out;
}

TEST(StyleGan2, RoundTripsInEveryConfiguration) {
  const std::vector<ModelSizes> all = {
      {},
      {{"size", 4}},
      {{"architecture", 1}, {"channels", 1}},
      {{"architecture", 2}, {"mapping", 3}},
      {{"classes", 3}, {"size", 32}},
  };
  for (const ModelSizes& sizes : all) {
    const Model made = BuildRandom("stylegan2", Small(sizes), 3);
    SCOPED_TRACE(made.description);
    for (const char* head : {"", "G_ema."}) {
      const Model found = DetectModel(InFile(made, head));
      EXPECT_EQ(found.family, "stylegan2");
      EXPECT_EQ(found.description, made.description);
      EXPECT_EQ(FactOf(found, "architecture"), FactOf(made, "architecture"));
      EXPECT_EQ(ToString(found.graph), ToString(made.graph));
      for (const auto& [name, tensor] : found.parameters) {
        if (name.starts_with("truncation.")) continue;
        EXPECT_TRUE(std::ranges::equal(tensor.floats(), made.parameters.At(name).floats())) << name;
      }
    }
  }
}

TEST(StyleGan2, PublishedSizeHasPublishedParameters) {
  // FFHQ at 1024: 30.37 million that are learned; noise, filters and averages beside.
  const Model model = BuildRandom("stylegan2", {{"size", 1024}}, 0);
  EXPECT_EQ(model.description, "StyleGAN2 1024 x 1024, 3 channels: from 512 random numbers");
  int64_t learned = 0;
  for (const auto& [name, tensor] : model.parameters) {
    const bool fixed = name.ends_with("filter") || name.ends_with("noise_const") ||
                       name.starts_with("truncation") || name.ends_with("w_avg");
    if (!fixed) learned += tensor.shape().elements();
  }
  EXPECT_NEAR(static_cast<double>(learned), 30.37e6, 0.01e6);
}

TEST(StyleGan2, ReadsTheClampOffThePickledModule) {
  const Model made = BuildRandom("stylegan2", Small({{"clamp", 256}}), 3);
  const ModuleTree modules = {
      {"G_ema.synthesis.b4.conv1", {"SynthesisLayer", {{"conv_clamp", "256"}}}},
      {"G_ema.mapping.fc0", {"FullyConnectedLayer", {{"bias_gain", "0.01"}}}}};
  const Model found = DetectModel(InFile(made, "G_ema."), modules);
  EXPECT_EQ(FactOf(found, "clamp"), "256");
  EXPECT_EQ(ToString(found.graph), ToString(made.graph));
}

TEST(StyleGan2, NamesHolesMisfitsAndStrangers) {
  const NamedTensors good = InFile(BuildRandom("stylegan2", Small({}), 3));
  const auto expect = [](const NamedTensors& tensors, std::string_view words) {
    const std::string message = MessageOf(tensors);
    EXPECT_NE(message.find(words), std::string::npos) << message;
  };
  expect(Without(good, "synthesis.b8.conv0.bias"), "wants \"synthesis.b8.conv0.bias\"");
  expect(Without(good, "mapping.fc1.bias"), "wants \"mapping.fc1.bias\"");
  expect(testing::Resized(good, "synthesis.b8.conv1.noise_const", {8, 9}), "got [8, 9]");
  NamedTensors more = good;
  more.Add("synthesis.b8.extra", Tensor::Zeros(DType::kF32, {1}));
  expect(more, "has no place for \"synthesis.b8.extra\"");
}

TEST(StyleChoice, WritesTruncationAndNoise) {
  const Model made = BuildRandom("stylegan2", Small({}), 3);
  Model model = made;
  ApplyStyleChoice({.truncation = 0.5, .cutoff = 2, .noise = StyleNoise::kOff}, model);
  const auto psi = [&](int i) {
    return model.parameters.At("truncation." + std::to_string(i)).floats()[0];
  };
  EXPECT_EQ(psi(0), 0.5f);
  EXPECT_EQ(psi(1), 0.5f);
  EXPECT_EQ(psi(2), made.parameters.At("truncation.2").floats()[0]);
  EXPECT_EQ(model.parameters.At("synthesis.b8.conv1.noise_strength").floats()[0], 0);

  Model drawn = made, again = made;
  ApplyStyleChoice({.noise = StyleNoise::kRandom, .seed = 1}, drawn);
  ApplyStyleChoice({.noise = StyleNoise::kRandom, .seed = 1}, again);
  const char* noise = "synthesis.b8.conv1.noise_const";
  EXPECT_FALSE(
      std::ranges::equal(drawn.parameters.At(noise).floats(), made.parameters.At(noise).floats()));
  EXPECT_TRUE(
      std::ranges::equal(drawn.parameters.At(noise).floats(), again.parameters.At(noise).floats()));
  Model other = BuildRandom("compact", {{"num_feat", 4}, {"num_conv", 1}}, 0);
  EXPECT_THROW(ApplyStyleChoice({}, other), Error);
}

}  // namespace
}  // namespace gan::core
