// Every family of models, end to end with random weights, on every CPU target against the oracle.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "kernels/target.h"
#include "models/model.h"
#include "tests/conformance/oracle.h"
#include "tests/conformance/problem.h"

namespace gan::core::conformance {
namespace {

struct FamilyCase {
  std::string_view family;
  ModelSizes sizes;
  // Of the inputs; of generators from random numbers only the first size counts, how many.
  std::vector<Shape> pictures;
};

// Small, so that plain loops end too; odd, so that nothing comes out even.
std::vector<FamilyCase> FamilyCases() {
  return {
      {"esrgan", {{"num_block", 2}}, {{1, 3, 10, 13}, {1, 3, 1, 1}}},
      {"esrgan",
       {{"num_block", 1}, {"num_feat", 13}, {"num_grow_ch", 5}, {"scale", 2}, {"unshuffle", 2}},
       {{2, 3, 18, 34}}},
      {"esrgan",
       {{"num_block", 1}, {"num_feat", 24}, {"scale", 1}, {"num_in_ch", 1}, {"num_out_ch", 1}},
       {{1, 1, 40, 9}}},
      {"compact", {{"num_conv", 4}}, {{1, 3, 20, 27}, {1, 3, 1, 1}}},
      {"compact",
       {{"num_conv", 2}, {"num_feat", 19}, {"upscale", 3}, {"act_type", 2}},
       {{2, 3, 7, 50}}},
      {"swift-srgan", {{"blocks", 2}, {"features", 12}}, {{1, 3, 9, 14}}},
      {"cyclegan", {{"n_blocks", 2}, {"ngf", 6}}, {{1, 3, 16, 20}}},
      {"cyclegan", {{"n_blocks", 1}, {"ngf", 5}, {"sampling", 1}, {"norm", 2}}, {{2, 3, 12, 16}}},
      {"cyclegan",
       {{"n_blocks", 1}, {"ngf", 4}, {"sampling", 2}, {"norm", 1}, {"reflect", 0}},
       {{1, 3, 12, 8}}},
      {"cyclegan", {{"n_blocks", 1}, {"ngf", 4}, {"sampling", 3}, {"n_downs", 1}}, {{1, 3, 6, 10}}},
      {"pix2pix", {{"ngf", 5}, {"num_downs", 3}}, {{1, 3, 16, 24}}},
      {"pix2pix", {{"ngf", 4}, {"num_downs", 2}, {"norm", 0}}, {{2, 3, 8, 12}}},
      {"animegan2", {{"width", 4}, {"blocks", 2}}, {{1, 3, 16, 12}}},
      {"stylegan2", {{"size", 16}, {"base", 96}, {"widest", 12}, {"clamp", 3}}, {{1}, {3}}},
      {"stylegan2",
       {{"size", 8}, {"base", 64}, {"classes", 3}, {"architecture", 1}, {"style", 20}},
       {{2}}},
      {"stylegan2", {{"size", 8}, {"base", 64}, {"architecture", 2}, {"latent", 9}}, {{2}}},
      {"dcgan", {{"size", 28}, {"width", 5}, {"channels", 1}}, {{1}, {3}}},
      {"dcgan", {{"size", 32}, {"width", 8}, {"classes", 3}, {"norm", 0}}, {{2}}},
      {"resnet-gan", {{"size", 28}, {"width", 6}, {"classes", 4}, {"attention", 1}}, {{1}, {2}}},
      {"resnet-gan", {{"size", 16}, {"width", 8}}, {{3}}},
      {"r3gan", {{"size", 28}, {"width", 6}, {"classes", 4}}, {{1}, {2}}},
      {"r3gan", {{"size", 16}, {"width", 16}, {"channels", 4}}, {{3}}},
  };
}

std::vector<Tensor> InputsOf(const Model& model, const Shape& shape, Random& random) {
  std::vector<Shape> shapes = {shape};
  if (model.latent) {
    shapes.clear();
    for (const ValueId id : model.graph.inputs) {
      shapes.push_back(Evaluate(model.graph.value(id).shape, {{"N", shape[0]}}));
    }
  }
  std::vector<Tensor> inputs;
  for (const Shape& each : shapes) {
    inputs.emplace_back(DType::kF32, each);
    random.FillUniform(inputs.back().floats(), 0, 1);
  }
  return inputs;
}

float RangeOf(const Tensor& tensor) {
  const auto [low, high] = std::ranges::minmax(tensor.floats());
  return high - low;
}

class FamilyConformance : public testing::TestWithParam<FamilyCase> {};

TEST_P(FamilyConformance, EveryTargetAgreesWithTheOracle) {
  const Model model = BuildRandom(GetParam().family, GetParam().sizes, 7);
  Oracle oracle;
  ThreadPool pool(2);
  Random random(8);
  for (const Shape& shape : GetParam().pictures) {
    const std::vector<Tensor> in = InputsOf(model, shape, random);
    const Tensor wanted = oracle.Run(model.graph, model.parameters, in)[0];
    // The project's promise for whole networks: 1e-4 of the output's range.
    for (const std::string& target : kernels::AvailableTargets()) {
      const Tensor got = RunOnCpu(target, pool, model.graph, model.parameters, in)[0];
      EXPECT_EQ(Difference(got, wanted, 1e-4f, RangeOf(wanted)), "")
          << model.description << " " << shape.ToString() << " on " << target;
    }
  }
}

// Sums have a fixed order: threads share out the work and change nothing else.
TEST_P(FamilyConformance, ThreadsDoNotChangeABit) {
  const Model model = BuildRandom(GetParam().family, GetParam().sizes, 7);
  Random random(9);
  const std::vector<Tensor> in = InputsOf(model, GetParam().pictures[0], random);
  Tensor alone;
  for (const int threads : {1, 2, 3, 4, 8}) {
    ThreadPool pool(threads);
    const Tensor got = RunOnCpu("auto", pool, model.graph, model.parameters, in)[0];
    if (threads == 1) alone = got;
    EXPECT_EQ(std::memcmp(got.raw().data(), alone.raw().data(), got.bytes()), 0)
        << threads << " threads, " << model.description;
  }
}

std::string NameOfFamily(const testing::TestParamInfo<FamilyCase>& info) {
  std::string name = fmt::format("{}_{}", info.param.family, info.index);
  std::ranges::replace(name, '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Families, FamilyConformance, testing::ValuesIn(FamilyCases()),
                         NameOfFamily);

TEST(FamilyCoverage, NoFamilyIsForgotten) {
  const std::vector<FamilyCase> cases = FamilyCases();
  for (const std::string_view name : FamilyNames()) {
    EXPECT_TRUE(std::ranges::any_of(cases, [&](const auto& c) { return c.family == name; }))
        << name;
  }
}

}  // namespace
}  // namespace gan::core::conformance
