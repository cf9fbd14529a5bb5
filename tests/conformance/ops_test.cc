// Every op, on every CPU target of this machine, against the oracle.
#include <gtest/gtest.h>

#include <cmath>

#include "kernels/target.h"
#include "tests/conformance/case.h"
#include "tests/conformance/oracle.h"

namespace gan::core::conformance {
namespace {

class OpConformance : public testing::TestWithParam<OpCases> {};

TEST_P(OpConformance, EveryTargetAgreesWithTheOracle) {
  const CaseList& cases = GetParam().cases;
  ASSERT_FALSE(cases.empty());
  Oracle oracle;
  ThreadPool pool(3);
  Random random(20);
  for (const Case& c : cases) {
    ASSERT_EQ(NameOf(c.op), GetParam().op);
    const Problem problem = MakeProblem(c, random);
    const std::vector<Tensor> wanted =
        oracle.Run(problem.graph, problem.parameters, problem.inputs);
    for (const std::string& target : kernels::AvailableTargets()) {
      const std::vector<Tensor> got =
          RunOnCpu(target, pool, problem.graph, problem.parameters, problem.inputs);
      const std::string difference = Difference(got[0], wanted[0], c.tolerance);
      EXPECT_EQ(difference, "") << "on " << target << " against " << oracle.name() << "\n"
                                << ToString(problem.graph);
    }
    // One wrong line of a kernel fails hundreds of cases; the first few tell enough.
    if (HasFailure()) break;
  }
}

std::string NameOfCases(const testing::TestParamInfo<OpCases>& info) {
  return std::string(info.param.op);
}
INSTANTIATE_TEST_SUITE_P(Ops, OpConformance, testing::ValuesIn(AllCases()), NameOfCases);

// The comparison itself can fail.
TEST(Difference, SeesNumbersNanAndShapes) {
  const Tensor one = Tensor::FromFloats({2}, std::vector<float>{1, 100});
  EXPECT_EQ(Difference(one, one, kExact), "");
  const Tensor near = Tensor::FromFloats({2}, std::vector<float>{1, 100.001f});
  EXPECT_NE(Difference(near, one, kExact), "");
  EXPECT_NE(Difference(near, one, 1e-6f), "");
  EXPECT_EQ(Difference(near, one, 1e-4f), "");
  EXPECT_NE(Difference(Tensor::FromFloats({2}, std::vector<float>{NAN, 100}), one, 1), "");
  EXPECT_NE(Difference(one.Reshaped({1, 2}), one, 1), "");
}

}  // namespace
}  // namespace gan::core::conformance
