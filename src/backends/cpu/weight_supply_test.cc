#include "backends/cpu/weight_supply.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <utility>

#include "graph/graph.h"

namespace gan::core {
namespace {

TEST(WeightSupply, LetsGoOfAWeightWithItsLastReader) {
  const auto memory = std::make_shared<std::array<float, 4>>();
  NamedTensors parameters;
  parameters.Add("w", Tensor(DType::kF32, {2, 2}, memory, memory->data()));
  GraphBuilder b("twice");
  const ValueId w = b.Parameter("w", {2, 2});
  const ValueId first = b.Add(Linear{}, {b.Input("x", {1, 2}), w});
  const Graph graph = b.Finish({b.Add(Linear{}, {first, w})});

  WeightSupply weights(graph, std::move(parameters));
  const long kept = memory.use_count();
  EXPECT_EQ(weights.Take(graph.nodes[0], 1).floats().data(), memory->data());
  EXPECT_EQ(memory.use_count(), kept);
  EXPECT_EQ(weights.Take(graph.nodes[1], 1).floats().data(), memory->data());
  EXPECT_EQ(memory.use_count(), 1);
}

TEST(WeightSupply, GivesNoMemoryForAnInputThatIsLeftOut) {
  NamedTensors parameters;
  parameters.Add("w", Tensor::Zeros(DType::kF32, {2, 2}));
  GraphBuilder b("no bias");
  const Graph graph = b.Finish({b.Add(Linear{}, {b.Input("x", {1, 2}), b.Parameter("w", {2, 2})})});
  WeightSupply weights(graph, std::move(parameters));
  EXPECT_TRUE(weights.Take(graph.nodes[0], 2).raw().empty());
}

}  // namespace
}  // namespace gan::core
