#include "models/esrgan/esrgan.h"

#include <gtest/gtest.h>

#include <functional>
#include <regex>

#include "models/geometry.h"
#include "models/testing_detect.h"

namespace gan::core {
namespace {

using testing::FactOf;
using testing::MessageOf;

using Rename = std::function<std::string(const std::string&)>;

NamedTensors Renamed(const NamedTensors& tensors, const Rename& rename) {
  NamedTensors out;
  for (const auto& [name, tensor] : tensors) {
    const std::string to = rename(name);
    if (!to.empty()) out.Add(to, tensor);
  }
  return out;
}

// "RRDB_trunk.3.RDB1.conv2.weight": ESRGAN's second release.
std::string SecondRelease(const std::string& name) {
  std::string out =
      std::regex_replace(name, std::regex("^body\\.(\\d+)\\.rdb"), "RRDB_trunk.$1.RDB");
  out = std::regex_replace(out, std::regex("^conv_body"), "trunk_conv");
  out = std::regex_replace(out, std::regex("^conv_up"), "upconv");
  return std::regex_replace(out, std::regex("^conv_hr"), "HRconv");
}

// "model.1.sub.3.RDB1.conv2.0.weight": ESRGAN's first release, for this many blocks and doublings.
Rename FirstRelease(int64_t blocks, int64_t doublings) {
  return [=](const std::string& name) {
    const auto replace = [&](const char* from, const std::string& to) {
      return std::regex_replace(name, std::regex(from), to);
    };
    if (name.starts_with("conv_first")) return replace("conv_first", "model.0");
    if (name.starts_with("conv_body")) {
      return replace("conv_body", "model.1.sub." + std::to_string(blocks));
    }
    if (name.starts_with("conv_up")) {
      const int64_t i = name[7] - '0';
      return replace("conv_up\\d", "model." + std::to_string(3 * i));
    }
    const int64_t end = doublings == 0 ? 2 : 3 * doublings + 2;
    if (name.starts_with("conv_hr")) return replace("conv_hr", "model." + std::to_string(end));
    if (name.starts_with("conv_last")) {
      return replace("conv_last", "model." + std::to_string(end + 2));
    }
    return replace("body\\.(\\d+)\\.rdb(\\d)\\.conv(\\d)", "model.1.sub.$1.RDB$2.conv$3.0");
  };
}

Model Small(int64_t scale = 4, int64_t unshuffle = 1) {
  return BuildRandom("esrgan",
                     {{"num_feat", 8},
                      {"num_grow_ch", 4},
                      {"num_block", 2},
                      {"scale", scale},
                      {"unshuffle", unshuffle}},
                     1);
}

void ExpectSame(const Model& found, const Model& made) {
  testing::ExpectSameNetwork(found, made);
  for (const Fact& fact : made.facts) EXPECT_EQ(FactOf(found, fact.name), fact.value) << fact.name;
  ASSERT_EQ(found.parameters.size(), made.parameters.size());
  for (const auto& [name, tensor] : made.parameters) {
    EXPECT_EQ(found.parameters.At(name).floats().data(), tensor.floats().data()) << name;
  }
}

TEST(Esrgan, RoundTripsInEverySpellingScaleAndWidth) {
  const std::vector<ModelSizes> all = {
      {{"num_feat", 8}, {"num_grow_ch", 4}, {"num_block", 1}},
      {{"num_feat", 7}, {"num_grow_ch", 5}, {"num_block", 12}, {"scale", 2}},
      {{"num_feat", 3}, {"num_grow_ch", 9}, {"num_block", 2}, {"scale", 1}},
      {{"num_feat", 6},
       {"num_grow_ch", 2},
       {"num_block", 3},
       {"scale", 8},
       {"num_in_ch", 1},
       {"num_out_ch", 1}},
      {{"num_feat", 4},
       {"num_grow_ch", 2},
       {"num_block", 2},
       {"scale", 16},
       {"num_in_ch", 4},
       {"num_out_ch", 3}},
      {{"num_feat", 8}, {"num_grow_ch", 4}, {"num_block", 2}, {"scale", 2}, {"unshuffle", 2}},
      {{"num_feat", 8}, {"num_grow_ch", 4}, {"num_block", 2}, {"scale", 1}, {"unshuffle", 4}},
  };
  for (const ModelSizes& sizes : all) {
    const Model made = BuildRandom("esrgan", sizes, 7);
    SCOPED_TRACE(made.description);
    int64_t doublings = 0;
    while (made.parameters.Contains(fmt::format("conv_up{}.weight", doublings + 1))) ++doublings;
    ExpectSame(DetectModel(made.parameters), made);
    ExpectSame(DetectModel(Renamed(made.parameters, SecondRelease)), made);
    const int64_t blocks = std::stoll(FactOf(made, "num_block"));
    ExpectSame(DetectModel(Renamed(made.parameters, FirstRelease(blocks, doublings))), made);
  }
}

TEST(Esrgan, IsFoundInWrappersAndBesideJunk) {
  const Model made = Small();
  NamedTensors tensors =
      Renamed(made.parameters, [](const std::string& name) { return "params_ema." + name; });
  for (const auto& [name, tensor] : made.parameters) {
    tensors.Add("params." + name, tensor.Clone());
    tensors.Add("optimizer.state." + name, tensor.Clone());
  }
  tensors.Add("iter", Tensor::Zeros(DType::kI64, {}));
  const Model found = DetectModel(tensors);
  ExpectSame(found, made);
  EXPECT_EQ(FactOf(found, "found in"), "params_ema");
  ExpectSame(DetectModel(Renamed(made.parameters,
                                 [](const std::string& name) {
                                   return "state_dict.netG.module." + FirstRelease(2, 2)(name);
                                 })),
             made);
}

TEST(Esrgan, KnowsItsGeometry) {
  const PictureGeometry plain = GeometryOf(Small().graph);
  EXPECT_EQ(plain.scale_num, 4);
  EXPECT_EQ(plain.margin, 0);
  EXPECT_EQ(plain.multiple, 1);
  // conv_first, 2 x 3 x 5 in the blocks, conv_body; then 1/2 and 3 times 1/4 pixel, rounded up.
  EXPECT_GE(plain.context, 33);
  EXPECT_LE(plain.context, 35);
  const PictureGeometry folded = GeometryOf(Small(2, 2).graph);
  EXPECT_EQ(folded.scale_num, 2);
  EXPECT_EQ(folded.multiple, 2);
  EXPECT_EQ(folded.in_channels, 3);
}

TEST(Esrgan, PublishedSizeHasPublishedCost) {
  const Model model = BuildRandom("esrgan", {}, 0);
  EXPECT_EQ(model.description, "ESRGAN x4: 23 RRDB blocks, 64 features, growth 32");
  const GraphCost cost = CostOf(model.graph, {{"N", 1}, {"H", 256}, {"W", 256}});
  EXPECT_EQ(cost.parameters, 16'697'987);
  EXPECT_NEAR(cost.multiply_adds, 2.35e12 / 2, 0.01e12);
}

TEST(Esrgan, NamesHolesMisfitsAndStrangers) {
  const NamedTensors good = Small().parameters;
  EXPECT_NE(MessageOf(Renamed(good,
                              [](const std::string& name) {
                                return name == "body.0.rdb2.conv3.bias" ? "" : name;
                              }))
                .find("[esrgan] wants \"body.0.rdb2.conv3.bias\" [4], which the checkpoint lacks"),
            std::string::npos);
  EXPECT_NE(MessageOf(Renamed(good,
                              [](const std::string& name) {
                                return name.starts_with("conv_first") ? "" : name;
                              }))
                .find("wants \"conv_first.weight\""),
            std::string::npos);
  NamedTensors plus = good;
  plus.Add("body.0.rdb1.conv1x1.weight", Tensor::Zeros(DType::kF32, {4, 8, 1, 1}));
  EXPECT_NE(MessageOf(plus).find("no place for \"body.0.rdb1.conv1x1.weight\" [4, 8, 1, 1]"),
            std::string::npos);
  NamedTensors far = good;
  far.Add("body.999999.rdb1.conv1.weight", Tensor::Zeros(DType::kF32, {4, 8, 3, 3}));
  EXPECT_NE(MessageOf(far).find("1000000 blocks"), std::string::npos);
  NamedTensors misfit =
      Renamed(good, [](const std::string& name) { return name == "conv_hr.weight" ? "" : name; });
  misfit.Add("conv_hr.weight", Tensor::Zeros(DType::kF32, {8, 9, 3, 3}));
  EXPECT_NE(MessageOf(misfit).find("\"conv_hr.weight\" wants [8, 8, 3, 3], got [8, 9, 3, 3]"),
            std::string::npos);
}

TEST(Esrgan, FirstReleaseCutShort) {
  const NamedTensors good = Renamed(Small().parameters, FirstRelease(2, 2));
  const NamedTensors cut = Renamed(good, [](const std::string& name) {
    return name.starts_with("model.1.") || name.starts_with("model.0.") ? name : "";
  });
  EXPECT_NE(MessageOf(cut).find("at least two convolutions"), std::string::npos);
}

}  // namespace
}  // namespace gan::core
