#include "backends/cpu/placement.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

struct Case {
  Graph graph;
  std::vector<Shape> shapes;
};

Case Chain(int length) {
  GraphBuilder b("chain");
  ValueId x = b.Input("x", {1, 4, Dim::Symbol("H"), Dim::Symbol("W")});
  for (int i = 0; i < length; ++i) x = b.Add(Activation{}, {x});
  Case c{b.Finish({x}), {}};
  c.shapes = ConcreteShapes(c.graph, {{"H", 10}, {"W", 10}});
  return c;
}

const auto kAlways = [](size_t, size_t) { return true; };
const auto kNever = [](size_t, size_t) { return false; };

TEST(Placement, TheOutputIsWrittenWhereTheCallerWantsIt) {
  const Case c = Chain(3);
  const Placement p = PlaceResults(c.graph, c.shapes, kNever);
  EXPECT_EQ(p.places[Index(c.graph.outputs[0])].output, 0);
  EXPECT_EQ(p.bytes, 2 * 1600u);
}

TEST(Placement, AChainInPlaceNeedsNoBlockAtAll) {
  const Case c = Chain(5);
  const Placement p = PlaceResults(c.graph, c.shapes, kAlways);
  EXPECT_EQ(p.bytes, 0u);
}

TEST(Placement, AReshapeTakesTheMemoryThatItReads) {
  GraphBuilder b("reshape");
  const ValueId x = b.Input("x", {Dim::Symbol("N"), 64});
  const ValueId y = b.Add(Activation{}, {x});
  const ValueId z = b.Add(Reshape{{4, 4, 4}}, {y});
  const Graph graph = b.Finish({b.Add(PixelShuffle{2}, {z})});
  const Placement p = PlaceResults(graph, ConcreteShapes(graph, {{"N", 2}}), kAlways);
  EXPECT_EQ(p.places[Index(y)].output, p.places[Index(z)].output);
  EXPECT_EQ(p.bytes, 0u);
}

TEST(Placement, AValueReadLaterIsNotOverwritten) {
  GraphBuilder b("skip");
  const ValueId x = b.Input("x", {1, 4, Dim::Symbol("H"), Dim::Symbol("W")});
  const ValueId y = b.Add(Activation{}, {x});
  const ValueId z = b.Add(Activation{}, {y});
  const ValueId sum = b.Add(Binary{}, {z, y});
  const Graph graph = b.Finish({b.Add(PixelShuffle{2}, {sum})});
  const auto shapes = ConcreteShapes(graph, {{"H", 8}, {"W", 8}});
  // All but the shuffle, which has as many elements too.
  const Placement p =
      PlaceResults(graph, shapes, [](size_t node, size_t /*input*/) { return node < 3; });
  EXPECT_NE(p.places[Index(y)].offset, p.places[Index(z)].offset);
  EXPECT_EQ(p.places[Index(sum)].offset, p.places[Index(z)].offset);
  EXPECT_EQ(p.bytes, 2 * 1024u);
}

TEST(Placement, OneValueAsBothInputsIsNotOverwritten) {
  GraphBuilder b("square");
  const ValueId x = b.Input("x", {1, 4, Dim::Symbol("H"), Dim::Symbol("W")});
  const ValueId y = b.Add(Activation{}, {x});
  const Graph graph = b.Finish({b.Add(Binary{BinaryKind::kMultiply}, {y, y})});
  const auto shapes = ConcreteShapes(graph, {{"H", 8}, {"W", 8}});
  EXPECT_EQ(PlaceResults(graph, shapes, kAlways).places[Index(y)].output, Placement::kBlock);
}

TEST(Placement, AValueGivenOutTwiceIsWrittenOnce) {
  GraphBuilder b("twice");
  const ValueId x = b.Input("x", {1, 4, Dim::Symbol("H"), Dim::Symbol("W")});
  const ValueId y = b.Add(Activation{}, {x});
  const Graph graph = b.Finish({y, y});
  const auto shapes = ConcreteShapes(graph, {{"H", 8}, {"W", 8}});
  EXPECT_EQ(PlaceResults(graph, shapes, kAlways).places[Index(y)].output, 0);
}

}  // namespace
}  // namespace gan::core
