#include "formats/onnx_writer.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"
#include "formats/onnx.h"
#include "formats/onnx_file.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

struct Network {
  Graph graph;
  NamedTensors parameters;
};

// Doubles a picture of four channels; a result is called as a parameter is.
Network Small() {
  GraphBuilder graph("small");
  const ValueId x = graph.Input("picture", {Dim::Symbol("N"), 4, Dim::Symbol("H", 2), 8});
  const ValueId slope = graph.Parameter("slope", {4});
  const ValueId y = graph.Add(Prelu{}, {x, slope}, "slope");
  Network out{graph.Finish({graph.Add(Resize{.num = {2, 2}}, {y}, "result")}), {}};
  out.parameters.Add("slope", Tensor::FromFloats({4}, std::vector<float>{1, 2, 3, 4}));
  return out;
}

std::string BytesOf(const OnnxLayout& layout) {
  std::string bytes = layout.head;
  for (const OnnxLayout::Part& tensor : layout.tensors) {
    bytes += tensor.head;
    bytes.append(reinterpret_cast<const char*>(tensor.data.raw().data()), tensor.data.bytes());
  }
  return bytes;
}

OnnxFile Parsed(const std::string& bytes) {
  return ParseOnnx(MemorySource("test", std::as_bytes(std::span(bytes))), "", {});
}

TEST(OnnxWriter, WritesAModel) {
  const Network network = Small();
  const OnnxLayout layout =
      LayOutOnnx("test", network.graph, network.parameters, {{"key", "value"}});
  const std::string bytes = BytesOf(layout);
  EXPECT_EQ(bytes.size(), layout.bytes());
  const OnnxFile file = Parsed(bytes);
  EXPECT_EQ(file.opset, 17);
  EXPECT_EQ(file.metadata.at("key"), "value");
  ASSERT_EQ(file.inputs.size(), 1u);
  EXPECT_EQ(file.inputs[0].sizes, (std::vector<int64_t>{-1, 4, -1, 8}));
  EXPECT_EQ(file.outputs, std::vector<std::string>{"result"});
  EXPECT_EQ(file.weights.at("slope").shape(), (Shape{4, 1, 1}));
  for (const char* text : {"gan.cpp", "N", "H", "2*H"}) {
    EXPECT_NE(bytes.find(text), std::string::npos) << text;
  }
  EXPECT_EQ(bytes,
            BytesOf(LayOutOnnx("test", network.graph, network.parameters, {{"key", "value"}})));
}

TEST(OnnxWriter, GeluComesBackAsOneOp) {
  GraphBuilder graph("gelu");
  const ValueId x = graph.Input("x", {Dim::Symbol("N"), 4});
  const Graph built = graph.Finish({graph.Add(Activation{ActivationKind::kGelu}, {x})});
  const std::string bytes = BytesOf(LayOutOnnx("test", built, {}));
  const OnnxNetwork read = ReadOnnx(MemorySource("test", std::as_bytes(std::span(bytes))), "");
  ASSERT_EQ(read.graph.nodes.size(), 1u);
  EXPECT_EQ(std::get<Activation>(read.graph.nodes[0].op).kind, ActivationKind::kGelu);
}

// Every name is made once, before it is read.
TEST(OnnxWriter, NamesAreUnique) {
  const Network network = Small();
  const OnnxFile file = Parsed(BytesOf(LayOutOnnx("test", network.graph, network.parameters)));
  std::set<std::string> made = {file.inputs[0].name};
  for (const auto& [name, tensor] : file.weights) EXPECT_TRUE(made.insert(name).second) << name;
  for (const OnnxNode& node : file.nodes) {
    for (const std::string& input : node.inputs) EXPECT_TRUE(input.empty() || made.contains(input));
    EXPECT_TRUE(made.insert(node.outputs.at(0)).second) << node.outputs[0];
    EXPECT_EQ(node.outputs.size(), 1u);
  }
}

TEST(OnnxWriter, FileIsWholeOrNotThere) {
  const fs::path path = fs::path(::testing::TempDir()) / "onnx_writer.onnx";
  const Network network = Small();
  WriteOnnx(path, network.graph, network.parameters);
  EXPECT_EQ(fs::file_size(path), LayOutOnnx("", network.graph, network.parameters).bytes());
  EXPECT_EQ(ReadOnnx(path).parameters.At("slope").floats()[2], 3);
  fs::remove(path);
  EXPECT_THROW(WriteOnnx(path, network.graph, {}), Error);
  EXPECT_FALSE(fs::exists(path));
}

// Sizes are counted before anything is touched: the memory is not there.
TEST(OnnxWriter, RefusesTwoGibibytes) {
  GraphBuilder builder("large");
  const ValueId x = builder.Input("x", {Dim::Symbol("N"), 1 << 15});
  const ValueId weight = builder.Parameter("weight", {1 << 14, 1 << 15});
  const Graph graph = builder.Finish({builder.Add(Linear{}, {x, weight})});
  NamedTensors parameters;
  static float nothing = 0;
  parameters.Add("weight", Tensor(DType::kF32, {1 << 14, 1 << 15}, nullptr, &nothing));
  try {
    LayOutOnnx("large.onnx", graph, parameters);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCannotCreate);
    EXPECT_NE(std::string(error.what()).find("at most 2147483647"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace gan::core
