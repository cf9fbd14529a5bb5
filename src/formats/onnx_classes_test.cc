// Numbers of classes that ONNX files take as input.
#include "formats/onnx_classes.h"

#include <gtest/gtest.h>

#include "formats/testing/onnx_reading.h"
#include "formats/testing/onnx_writer.h"

namespace gan::core {
namespace {

using testing::ExpectHas;
using testing::GraphOrError;
using testing::OnnxWriter;

OnnxWriter Classes(const std::vector<int64_t>& sizes = {-1}) {
  OnnxWriter writer;
  writer.WholeInput("digit", sizes).Input("z", {-1, 4});
  writer.Weight("table", {10, 4}).Weight("cube", {10, 2, 2}).Floats("values", {0, 1});
  writer.Floats("others", {-1, 3}).Ints("ten", {10}).Ints("row", {-1, 4}).Ints("five", {5});
  return writer;
}

TEST(OnnxClasses, AnEmbeddingBecomesAProductWithLabels) {
  OnnxWriter writer = Classes();
  writer.Node("Gather", {"table", "digit"}, "e").Node("Mul", {"z", "e"}, "y");
  const std::string graph = GraphOrError(writer);
  ExpectHas(graph, "z : [N, 4]");
  ExpectHas(graph, "labels : [N, 10]");
  ExpectHas(graph, "linear(labels, table) : [N, 4]");
  EXPECT_LT(graph.find("z : "), graph.find("labels : ")) << graph;
}

TEST(OnnxClasses, AxesOfOneAreKept) {
  OnnxWriter column = Classes({-1, 1});
  column.Node("Gather", {"table", "digit"}, "e").Node("Reshape", {"e", "row"}, "r");
  column.Node("Concat", {"z", "r"}, "y", {OnnxInteger("axis", 1)});
  ExpectHas(GraphOrError(column), "{sizes=1x4} : [N, 1, 4]");
  OnnxWriter cast = Classes({-1, 1});
  cast.Node("Squeeze", {"digit"}, "s", {OnnxIntegers("axes", {1})});
  cast.Node("Cast", {"s"}, "c", {OnnxInteger("to", 7)});
  cast.Node("Gather", {"table", "c"}, "y");
  ExpectHas(GraphOrError(cast), "linear(labels, table) : [N, 4]");
}

TEST(OnnxClasses, OneHotIsTheLabelsThemselves) {
  OnnxWriter plain = Classes();
  plain.Node("OneHot", {"digit", "ten", "values"}, "o");
  plain.Node("Concat", {"z", "o"}, "y", {OnnxInteger("axis", 1)});
  ExpectHas(GraphOrError(plain), "concat(z, labels) : [N, 14]");
  OnnxWriter scaled = Classes();
  scaled.Node("OneHot", {"digit", "ten", "others"}, "y");
  ExpectHas(GraphOrError(scaled), "scale=4, shift=-1");
}

TEST(OnnxClasses, WhatElseIsDoneWithThemIsNamed) {
  OnnxWriter sum = Classes();
  sum.Node("Gather", {"table", "digit"}, "e").Node("Add", {"digit", "ten"}, "y");
  ExpectHas(GraphOrError(sum), "node \"the_y\" (Add) calculates with the numbers of classes");
  OnnxWriter cube = Classes();
  cube.Node("Gather", {"cube", "digit"}, "y");
  ExpectHas(GraphOrError(cube), "input \"digit\" wants two axes or more");
  OnnxWriter column = Classes();
  column.Node("Gather", {"table", "digit"}, "e");
  column.Node("Gather", {"table", "digit"}, "y", {OnnxInteger("axis", 1)});
  ExpectHas(GraphOrError(column), "(Gather) wants a table with a row for each class, got [10, 4]");
  OnnxWriter two = Classes();
  two.Node("Gather", {"table", "digit"}, "e").Node("OneHot", {"digit", "five", "values"}, "y");
  ExpectHas(GraphOrError(two), "input \"digit\" wants two axes or more");
  OnnxWriter many = Classes({-1, 7});
  many.Node("Gather", {"table", "digit"}, "y");
  ExpectHas(GraphOrError(many), "input \"digit\" wants one class for each picture");
}

}  // namespace
}  // namespace gan::core
