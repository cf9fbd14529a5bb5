// Every family of models, end to end with random weights, on every CPU target against the oracle.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "kernels/target.h"
#include "models/model.h"
#include "tests/conformance/family_case.h"
#include "tests/conformance/oracle.h"
#include "tests/conformance/problem.h"

namespace gan::core::conformance {
namespace {

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

// The halves of a network with styles: a style of its own for each layer.
TEST_P(FamilyConformance, SynthesisAgreesWithTheOracle) {
  const Model model = BuildRandom(GetParam().family, GetParam().sizes, 7);
  if (!model.style) GTEST_SKIP() << "has no styles";
  Oracle oracle;
  ThreadPool pool(2);
  Random random(8);
  for (const Graph* graph : {&model.style->space.mapping, &model.style->space.synthesis}) {
    std::vector<Tensor> in;
    for (const ValueId id : graph->inputs) {
      in.emplace_back(DType::kF32, Evaluate(graph->value(id).shape, {{"N", 2}}));
      random.FillNormal(in.back().floats());
    }
    const Tensor wanted = oracle.Run(*graph, model.parameters, in)[0];
    for (const std::string& target : kernels::AvailableTargets()) {
      const Tensor got = RunOnCpu(target, pool, *graph, model.parameters, in)[0];
      EXPECT_EQ(Difference(got, wanted, 1e-4f, RangeOf(wanted)), "")
          << model.description << " on " << target;
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
  return NameOf(info.param, info.index);
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
