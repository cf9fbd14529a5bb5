#include "runtime/lifetimes.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

TEST(Lifetimes, RunFromMakerToLastReader) {
  GraphBuilder b("skip");
  const ValueId x = b.Input("x", {1, 2, Dim::Symbol("H"), Dim::Symbol("W")});
  const ValueId y = b.Add(Activation{}, {x});
  const ValueId z = b.Add(Affine{}, {y});
  const Graph graph = b.Finish({b.Add(Binary{}, {z, y})});
  const std::vector<ValueLifetime> lifetimes = LifetimesOf(graph);
  EXPECT_EQ(lifetimes[Index(x)].made, -1);
  EXPECT_EQ(lifetimes[Index(x)].last_read, 0);
  EXPECT_EQ(lifetimes[Index(y)].made, 0);
  EXPECT_EQ(lifetimes[Index(y)].last_read, 2);
  EXPECT_EQ(lifetimes[Index(graph.outputs[0])].made, 2);
  EXPECT_EQ(lifetimes[Index(graph.outputs[0])].last_read, 3);
}

}  // namespace
}  // namespace gan::core
