#include "formats/onnx.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/random.h"
#include "formats/testing/onnx_writer.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

using testing::OnnxWriter;

OnnxNetwork Read(const std::string& bytes, const fs::path& folder = "") {
  return ReadOnnx(MemorySource("test", std::as_bytes(std::span(bytes))), folder);
}

std::string Refusal(const std::string& bytes, const fs::path& folder = "") {
  try {
    Read(bytes, folder);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData) << error.what();
    return error.what();
  }
  return "";
}

// Doubles a picture, after a convolution and an instance norm.
OnnxWriter Small(const std::vector<int64_t>& sizes) {
  OnnxWriter writer;
  writer.Input("picture", sizes).Weight("w", {4, 3, 3, 3}).Weight("s", {4}).Weight("b", {4});
  writer.Weight("scales", {4}, 1).Weight("half", {}, 0.5f);
  writer.Node("Conv", {"picture", "w"}, "c", {OnnxIntegers("pads", {1, 1, 1, 1})});
  writer.Node("InstanceNormalization", {"c", "s", "b"}, "n").Node("Relu", {"n"}, "r");
  writer.Node("Mul", {"r", "half"}, "m")
      .Node("DepthToSpace", {"m"}, "out", {OnnxText("mode", "CRD"), OnnxInteger("blocksize", 2)});
  writer.Output("out");
  return writer;
}

TEST(Onnx, BecomesAGraph) {
  const OnnxNetwork got = Read(Small({1, 3, -1, -1}).Finish());
  EXPECT_EQ(got.graph.nodes.size(), 5u);
  EXPECT_EQ(got.parameters.size(), 3u);
  EXPECT_EQ(ToString(got.graph.value(got.graph.outputs[0]).shape), "[N, 1, 2*H, 2*W]");
}

TEST(Onnx, SizesThatAreFixedWithoutNeedAreLeftOpen) {
  const OnnxNetwork got = Read(Small({1, 3, 256, 256}).Finish());
  EXPECT_EQ(ToString(got.graph.value(got.graph.inputs[0]).shape), "[N, 3, H, W]");
  // Here they are needed.
  OnnxWriter flat;
  flat.Input("x", {1, 2, 4, 4}).Ints("sizes", {1, -1}).Weight("w", {32, 5});
  flat.Node("Reshape", {"x", "sizes"}, "r").Node("MatMul", {"r", "w"}, "y").Output("y");
  EXPECT_EQ(ToString(Read(flat.Finish()).graph.value(ValueId{0}).shape), "[N, 2, 4, 4]");
}

TEST(Onnx, TheCoarsestGridThatIsNeededIsFound) {
  OnnxWriter writer;
  writer.Input("x", {1, 3, -1, -1}).Weight("w", {4, 3, 3, 3}).Weight("u", {4, 3, 4, 4});
  writer.Node("Conv", {"x", "w"}, "c",
              {OnnxIntegers("pads", {1, 1, 1, 1}), OnnxIntegers("strides", {2, 2})});
  writer.Node("ConvTranspose", {"c", "u"}, "y",
              {OnnxIntegers("pads", {1, 1, 1, 1}), OnnxIntegers("strides", {2, 2})});
  const OnnxNetwork got = Read(writer.Output("y").Finish());
  EXPECT_EQ(got.graph.value(got.graph.inputs[0]).shape[2].multiple(), 2);
}

TEST(Onnx, NamesWhatItCannotRun) {
  OnnxWriter unknown = Small({1, 3, -1, -1});
  unknown.Node("NonMaxSuppression", {"out"}, "z");
  EXPECT_NE(Refusal(unknown.Finish()).find("node \"the_z\" (NonMaxSuppression) is an operator"),
            std::string::npos);
  EXPECT_NE(Refusal(Small({1, 3, -1, -1}).Finish(8)).find("opset 8"), std::string::npos);
  OnnxWriter loose;
  loose.Input("x", {1, 3, -1, -1}).Node("Relu", {"nowhere"}, "y").Output("y");
  EXPECT_NE(Refusal(loose.Finish()).find("wants \"nowhere\""), std::string::npos);
  OnnxWriter none;
  none.Input("x", {1, 3, -1, -1}).Node("Relu", {"x"}, "y").Output("z");
  EXPECT_NE(Refusal(none.Finish()).find("output \"z\""), std::string::npos);
}

TEST(Onnx, ExternalDataStandsBesideTheModel) {
  const fs::path folder = fs::path(::testing::TempDir()) / "onnx_external";
  fs::create_directories(folder / "below");
  const std::vector<float> values = {1, 2, 3, 4};
  for (const fs::path& file : {folder / "w.bin", folder / "below" / "w.bin"}) {
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()), sizeof(float) * 4);
  }
  std::error_code ignored;
  fs::create_symlink(folder / "w.bin", folder / "link.bin", ignored);
  const auto with = [](const std::string& file) {
    OnnxWriter writer;
    writer.Input("x", {1, 4, -1, -1}).External("slope", 4, file);
    return writer.Node("PRelu", {"x", "slope"}, "y").Output("y").Finish();
  };
  EXPECT_EQ(Read(with("w.bin"), folder).parameters.At("slope").floats()[2], 3);
  for (const char* file : {"below/w.bin", "../onnx_external/w.bin", "link.bin", "absent.bin", "",
                           "..", "/etc/passwd"}) {
    EXPECT_NE(Refusal(with(file), folder).find("plain file beside the model"), std::string::npos)
        << file;
  }
  EXPECT_NE(Refusal(with("w.bin")), "") << "no folder was given";
  fs::remove_all(folder, ignored);
}

// Every damaged file is an error or a network, never a crash.
TEST(Onnx, SurvivesDamage) {
  const std::string good = Small({1, 3, -1, -1}).Finish();
  Random random(5);
  for (int i = 0; i < 4000; ++i) {
    std::string bad = good;
    for (uint64_t flips = 1 + random.Below(4); flips > 0; --flips) {
      bad[random.Below(bad.size())] = static_cast<char>(random.Below(256));
    }
    if (random.Below(3) == 0) bad.resize(random.Below(bad.size()));
    try {
      Read(bad);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData) << error.what();
    }
  }
}

// As the first GAN (Goodfellow et al. 2014) is commonly written: layers of numbers alone, which
// become a picture at the end.
TEST(Onnx, GeneratorsOfLinearLayersAlone) {
  OnnxWriter writer;
  writer.Input("z", {-1, 6}).Weight("m1", {8, 6}).Weight("b1", {8}).Weight("m2", {12, 8});
  writer.Weight("scale", {8}).Weight("shift", {8}).Weight("mean", {8}).Weight("var", {8});
  writer.Weight("b2", {12}).Ints("sizes", {-1, 3, 2, 2});
  writer.Node("Gemm", {"z", "m1", "b1"}, "a", {OnnxInteger("transB", 1)});
  writer.Node("BatchNormalization", {"a", "scale", "shift", "mean", "var"}, "n",
              {OnnxNumber("epsilon", 0.8f)});
  writer.Node("LeakyRelu", {"n"}, "r", {OnnxNumber("alpha", 0.2f)});
  writer.Node("Gemm", {"r", "m2", "b2"}, "c", {OnnxInteger("transB", 1)});
  writer.Node("Tanh", {"c"}, "t").Node("Reshape", {"t", "sizes"}, "y").Output("y");
  const std::string bytes = writer.Finish();
  const std::string graph =
      ToString(ReadOnnx(MemorySource("test", std::as_bytes(std::span(bytes))), "").graph);
  EXPECT_NE(graph.find("[N, 3, 2, 2]"), std::string::npos) << graph;
  EXPECT_NE(graph.find("epsilon=0.8"), std::string::npos) << graph;
}

}  // namespace
}  // namespace gan::core
