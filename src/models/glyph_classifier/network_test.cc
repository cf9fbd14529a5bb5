#include "models/glyph_classifier/network.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gan::core {
namespace {

TEST(ClassifierGraph, MakesFeaturesAndLogits) {
  const Graph graph = ClassifierGraph({.channels = 1, .size = 28, .classes = 62});
  Verify(graph);
  const std::vector<Shape> shapes = ConcreteShapes(graph, {{"N", 5}});
  EXPECT_EQ(shapes[Index(graph.inputs.at(0))], (Shape{5, 1, 28, 28}));
  ASSERT_EQ(graph.outputs.size(), 2u);
  EXPECT_EQ(shapes[Index(graph.outputs[0])], (Shape{5, 128, 1, 1}));
  EXPECT_EQ(shapes[Index(graph.outputs[1])], (Shape{5, 62, 1, 1}));
  // As halves, within a megabyte.
  EXPECT_EQ(CostOf(graph, {{"N", 1}}).parameters, 285'182);
}

TEST(ClassifierGraph, FitsEverySize) {
  for (const int64_t size : {16, 28, 31, 32, 33, 40, 48, 64, 100, 128, 256}) {
    for (const int64_t channels : {1, 3, 4}) {
      const Graph graph = ClassifierGraph({.channels = channels, .size = size, .classes = 3});
      const std::vector<Shape> shapes = ConcreteShapes(graph, {{"N", 1}});
      EXPECT_EQ(shapes[Index(graph.outputs[1])], (Shape{1, 3, 1, 1})) << size;
      EXPECT_LT(CostOf(graph, {{"N", 1}}).parameters, 1'000'000) << size;
    }
  }
}

TEST(ClassifierGraph, SaysWhichSizeIsWrong) {
  const auto message = [](const ClassifierSizes& sizes) -> std::string {
    try {
      ClassifierGraph(sizes);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kConfiguration);
      return e.what();
    }
    return "no error";
  };
  EXPECT_EQ(message({.size = 8}), "[classifier] wants a picture's size from 16 to 256, got 8");
  EXPECT_EQ(message({.classes = 1}), "[classifier] wants classes from 2 to 65536, got 1");
  EXPECT_EQ(message({.channels = 0}), "[classifier] wants channels from 1 to 16, got 0");
}

}  // namespace
}  // namespace gan::core
