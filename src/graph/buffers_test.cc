#include "graph/buffers.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

TEST(Buffers, AreTheMeansAndVariancesOfBatchNormsOnce) {
  GraphBuilder b("norms");
  const ValueId x = b.Input("x", {Dim::Symbol("N"), 4});
  const ValueId weight = b.Parameter("a.weight", {4}), bias = b.Parameter("a.bias", {4});
  const ValueId mean = b.Parameter("a.running_mean", {4});
  const ValueId variance = b.Parameter("a.running_var", {4});
  ValueId y = b.Add(BatchNorm{}, {x, weight, bias, mean, variance});
  y = b.Add(BatchNorm{},
            {y, b.Parameter("b.running_mean", {4}), b.Parameter("b.running_var", {4})});
  y = b.Add(BatchNorm{}, {y, mean, variance});
  y = b.Add(Linear{}, {y, b.Parameter("out.weight", {2, 4})});
  EXPECT_EQ(BufferNames(b.Finish({y})),
            (std::vector<std::string>{"a.running_mean", "a.running_var", "b.running_mean",
                                      "b.running_var"}));
}

TEST(Buffers, AGraphWithoutBatchNormHasNone) {
  GraphBuilder b("plain");
  const ValueId x = b.Input("x", {1, 4});
  EXPECT_TRUE(BufferNames(b.Finish({b.Add(Prelu{}, {x, b.Parameter("slope", {4})})})).empty());
}

// A mean that a network computes is nobody's parameter.
TEST(Buffers, ComputedStatisticsAreNone) {
  GraphBuilder b("computed");
  const ValueId x = b.Input("x", {1, 4}), mean = b.Input("mean", {4});
  const Graph graph = b.Finish({b.Add(BatchNorm{}, {x, mean, b.Parameter("var", {4})})});
  EXPECT_EQ(BufferNames(graph), std::vector<std::string>{"var"});
}

}  // namespace
}  // namespace gan::core
