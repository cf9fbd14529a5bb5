#include "models/state_dict.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/error.h"

namespace gan::core {
namespace {

NamedTensors Named(const std::vector<std::string>& names) {
  NamedTensors out;
  for (const std::string& name : names) out.Add(name, Tensor::Zeros(DType::kF32, {1}));
  return out;
}

std::vector<std::string> Prefixes(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const StateDict& dict : FindStateDicts(Named(names))) out.push_back(dict.prefix);
  return out;
}

std::string MessageOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kBadData);
    return e.what();
  }
  return "no error";
}

using Strings = std::vector<std::string>;

TEST(StateDict, BareNamesStandAsTheyAre) { EXPECT_EQ(Prefixes({"conv.weight"}), Strings{""}); }

TEST(StateDict, MovingAveragesComeBeforeRawWeights) {
  EXPECT_EQ(Prefixes({"params.a.weight", "params_ema.a.weight"}),
            (Strings{"params_ema.", "params.", ""}));
  EXPECT_EQ(Prefixes({"g.a", "d.a", "g_ema.a"}), (Strings{"g_ema.", "g.", ""}));
}

TEST(StateDict, UnwrapsFromTheInside) {
  EXPECT_EQ(Prefixes({"state_dict.netG.module.a.weight"}),
            (Strings{"state_dict.netG.module.", "state_dict.netG.", "state_dict.", ""}));
}

TEST(StateDict, EndlessWrappingEnds) {
  std::string name = "a";
  for (int i = 0; i < 200; ++i) name = "module." + name;
  EXPECT_EQ(Prefixes({name}).size(), 9u);
}

TEST(StateDict, LeavesOutOptimisersCriticsAndCounters) {
  NamedTensors tensors = Named({"conv.weight", "optimizer.state.0.exp_avg", "netD.conv.weight"});
  tensors.Add("bn.num_batches_tracked", Tensor::Zeros(DType::kI64, {}));
  const std::vector<StateDict> dicts = FindStateDicts(tensors);
  ASSERT_EQ(dicts.size(), 1u);
  ASSERT_EQ(dicts[0].tensors.size(), 1u);
  EXPECT_NE(dicts[0].Find("conv.weight"), nullptr);
}

TEST(StateDict, NothingOfUseIsNoPart) {
  NamedTensors tensors;
  tensors.Add("epoch", Tensor::Zeros(DType::kI64, {}));
  EXPECT_TRUE(FindStateDicts(tensors).empty());
}

TEST(StateDict, LastIndexReadsNumbersOnly) {
  const StateDict dict = FindStateDicts(
      Named({"body.0.weight", "body.12.weight", "body.9", "body.x.weight", "body.1234567.weight",
             "bodyguard.99.weight", "body.-5.weight", "body.13a.weight"}))[0];
  EXPECT_EQ(LastIndex(dict, "body."), 12);
  EXPECT_EQ(LastIndex(dict, "tail."), -1);
}

// conv: 4 channels of 2, 1x1.
Graph OneConvolution() {
  GraphBuilder b("one");
  const ValueId x = b.Input("x", {1, 2, Dim::Symbol("H"), Dim::Symbol("W")});
  return b.Finish({b.Add(Conv2d{}, {x, b.Parameter("conv.weight", {4, 2, 1, 1})})});
}

NamedTensors Take(const NamedTensors& tensors) {
  return TakeParameters("family", OneConvolution(), FindStateDicts(tensors).at(0),
                        [](std::string_view name) { return "my_" + std::string(name); });
}

TEST(TakeParameters, RenamesAndWidens) {
  NamedTensors tensors;
  Tensor half(DType::kF16, {4, 2, 1, 1});
  auto* bits = reinterpret_cast<uint16_t*>(half.raw().data());
  for (int i = 0; i < 8; ++i) bits[i] = HalfFromFloat(0.5f * static_cast<float>(i));
  tensors.Add("module.my_conv.weight", half);
  const NamedTensors taken = Take(tensors);
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken.At("conv.weight").dtype(), DType::kF32);
  EXPECT_EQ(taken.At("conv.weight").floats()[7], 3.5f);
}

TEST(TakeParameters, NamesWhatDoesNotFit) {
  NamedTensors wrong;
  wrong.Add("params.my_conv.weight", Tensor::Zeros(DType::kF32, {4, 3, 1, 1}));
  EXPECT_EQ(MessageOf([&] { Take(wrong); }),
            "[family] \"params.my_conv.weight\" wants [4, 2, 1, 1], got [4, 3, 1, 1]");
  NamedTensors missing;
  missing.Add("params.other", Tensor::Zeros(DType::kF32, {1}));
  EXPECT_NE(MessageOf([&] { Take(missing); }).find("wants \"params.my_conv.weight\" [4, 2, 1, 1]"),
            std::string::npos);
  NamedTensors more;
  more.Add("my_conv.weight", Tensor::Zeros(DType::kF32, {4, 2, 1, 1}));
  more.Add("my_conv1x1.weight", Tensor::Zeros(DType::kF32, {5}));
  EXPECT_NE(MessageOf([&] { Take(more); }).find("no place for \"my_conv1x1.weight\" [5]"),
            std::string::npos);
}

TEST(StateDict, RequireChecksRankAndEmptiness) {
  NamedTensors tensors;
  tensors.Add("flat", Tensor::Zeros(DType::kF32, {3}));
  tensors.Add("empty", Tensor::Zeros(DType::kF32, {int64_t{1} << 40, 0, 3, 3}));
  const StateDict dict = FindStateDicts(tensors)[0];
  EXPECT_EQ(dict.Require("f", "flat", 1).shape(), Shape{3});
  EXPECT_NE(MessageOf([&] { dict.Require("f", "flat", 4); }).find("wants 4 sizes"),
            std::string::npos);
  EXPECT_NE(MessageOf([&] { dict.Require("f", "empty", 4); }).find("above 0"), std::string::npos);
  EXPECT_NE(MessageOf([&] { dict.Require("f", "gone", 4); }).find("lacks"), std::string::npos);
}

}  // namespace
}  // namespace gan::core
