#include "formats/ncnn.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "base/error.h"
#include "base/file.h"

namespace gan::core {
namespace {

// The bytes of a .bin file.
class Bin {
 public:
  Bin& Flag(uint32_t flag) { return Append(&flag, sizeof flag); }
  Bin& Floats(size_t count, float first = 1, float step = 0) {
    for (size_t i = 0; i < count; ++i) {
      const float value = first + step * static_cast<float>(i);
      Append(&value, sizeof value);
    }
    return *this;
  }
  Bin& Halves(size_t count, float value) {
    const uint16_t bits = HalfFromFloat(value);
    for (size_t i = 0; i < count; ++i) Append(&bits, sizeof bits);
    while (bytes_.size() % 4 != 0) bytes_ += '\xEE';
    return *this;
  }
  std::span<const std::byte> bytes() const { return std::as_bytes(std::span(bytes_)); }

 private:
  Bin& Append(const void* data, size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
    return *this;
  }

  std::string bytes_;
};

// "7767517", the counts, and `layers`, a line each.
std::string Param(const std::vector<std::string>& layers) {
  std::string text = fmt::format("7767517\n{} 99\n", layers.size());
  for (const std::string& layer : layers) text += layer + "\n";
  return text;
}

NcnnNetwork Read(const std::string& param, const Bin& bin = {}) {
  return ReadNcnn(MemorySource("x.param", std::as_bytes(std::span(param))),
                  MemorySource("x.bin", bin.bytes()));
}

NcnnNetwork ReadLayers(std::vector<std::string> layers, const Bin& bin = {}) {
  layers.insert(layers.begin(), "Input in 0 1 in 2=4");
  return Read(Param(layers), bin);
}

std::string MessageOf(const std::function<void()>& call, ErrorCode code = ErrorCode::kBadData) {
  try {
    call();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), code);
    return e.what();
  }
  return "no error";
}

void ExpectFailure(std::vector<std::string> layers, const std::string& part, const Bin& bin = {}) {
  const std::string text = MessageOf([&] { ReadLayers(std::move(layers), bin); });
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

// The graph's text after its name and input.
std::string Nodes(const NcnnNetwork& network) {
  const std::string text = ToString(network.graph);
  return text.substr(text.find('\n', text.find("input")) + 1);
}

void ExpectNodes(const std::vector<std::string>& layers, const std::string& nodes,
                 const Bin& bin = {}) {
  EXPECT_EQ(Nodes(ReadLayers(layers, bin)), nodes);
}

TEST(Ncnn, ConvolutionWithFusedLeakyRelu) {
  const NcnnNetwork network =
      ReadLayers({"Convolution c 1 1 in out 0=2 1=3 11=1 4=1 14=0 5=1 6=24 9=2 -23310=1,1.0e-1"},
                 Bin().Flag(0).Floats(24, 0, 1).Floats(2, 100, 1));
  EXPECT_EQ(ToString(network.graph),
            "graph \"ncnn\"\n"
            "  input in : [N, 4, H, W]\n"
            "  c = conv2d(in, c.weight, c.bias) {kernel=1x3, stride=1x1, dilation=1x1, "
            "padding=0,1,0,1, groups=1} : [N, 2, H, W]\n"
            "  c.1 = activation(c) {kind=leaky_relu, alpha=0.1, beta=0} : [N, 2, H, W]\n"
            "  output c.1\n");
  EXPECT_EQ(network.parameters.At("c.weight").shape(), (Shape{2, 4, 1, 3}));
  EXPECT_EQ(network.parameters.At("c.weight").floats()[23], 23);
  EXPECT_EQ(network.parameters.At("c.bias").floats()[1], 101);
  EXPECT_FALSE(network.half);
}

TEST(Ncnn, HalfWeightsArePaddedToFourBytes) {
  const NcnnNetwork network =
      ReadLayers({"Convolution c 1 1 in a 0=1 1=1 5=1 6=4",
                  "ConvolutionDepthWise d 1 1 a out 0=1 "
                  "1=3 6=9 7=1"},
                 Bin().Flag(0x01306B47).Halves(4, 0.5f).Floats(1, 7).Flag(0x01306B47).Halves(9, 3));
  EXPECT_TRUE(network.half);
  EXPECT_EQ(network.parameters.At("c.weight").floats()[3], 0.5f);
  EXPECT_EQ(network.parameters.At("c.bias").floats()[0], 7);
  EXPECT_EQ(network.parameters.At("d.weight").floats()[8], 3);
}

TEST(Ncnn, DeconvolutionSwapsInputsAndOutputs) {
  const NcnnNetwork network =
      ReadLayers({"DeconvolutionDepthWise d 1 1 in out 0=6 1=2 3=2 4=0 6=48 7=2"},
                 Bin().Flag(0).Floats(48, 0, 1));
  const Tensor& weight = network.parameters.At("d.weight");
  ASSERT_EQ(weight.shape(), (Shape{4, 3, 2, 2}));
  // File: [group 2][output 3][input 2][4]; graph: [group 2][input 2][output 3][4].
  const auto at = [&](int g, int i, int o) {
    return weight.floats()[static_cast<size_t>(((g * 2 + i) * 3 + o) * 4)];
  };
  for (int g = 0; g < 2; ++g) {
    for (int i = 0; i < 2; ++i) {
      for (int o = 0; o < 3; ++o) EXPECT_EQ(at(g, i, o), ((g * 3 + o) * 2 + i) * 4);
    }
  }
  EXPECT_NE(Nodes(network).find("groups=2} : [N, 6, 2*H, 2*W]"), std::string::npos);
}

TEST(Ncnn, SqueezeAndExcitation) {
  const NcnnNetwork network =
      ReadLayers({"Split s 1 2 in a b", "Pooling p 1 1 a v 0=1 4=1",
                  "InnerProduct f 1 1 v g 0=4 1=1 2=16 9=4", "BinaryOp m 2 1 b g out 0=2"},
                 Bin().Flag(0).Floats(16).Floats(4));
  EXPECT_EQ(Nodes(network),
            "  p = global_pool(in) {kind=average} : [N, 4, 1, 1]\n"
            "  f = conv2d(p, f.weight, f.bias) {kernel=1x1, stride=1x1, dilation=1x1, "
            "padding=0,0,0,0, groups=1} : [N, 4, 1, 1]\n"
            "  f.1 = activation(f) {kind=sigmoid, alpha=0, beta=0} : [N, 4, 1, 1]\n"
            "  m = binary(in, f.1) {kind=multiply} : [N, 4, H, W]\n"
            "  output m\n");
}

TEST(Ncnn, CropsInBothStyles) {
  ExpectNodes({"Crop c 1 1 in out -23309=2,4,5 -23310=2,-6,2147483647 -23311=2,-2,-1"},
              "  c = slice(in) {axis=2, begin=4, end_margin=6} : [N, 4, H-10, W]\n"
              "  c.1 = slice(c) {axis=3, begin=5, end_margin=0} : [N, 4, H-10, W-5]\n"
              "  output c.1\n");
  ExpectNodes({"Crop c 1 1 in out 0=1 1=2 2=1 3=-233 4=-233 5=2 6=3 7=4"},
              "  c = slice(in) {axis=1, begin=1, end_margin=1} : [N, 2, H, W]\n"
              "  c.1 = slice(c) {axis=2, begin=2, end_margin=4} : [N, 2, H-6, W]\n"
              "  c.2 = slice(c.1) {axis=3, begin=1, end_margin=3} : [N, 2, H-6, W-4]\n"
              "  output c.2\n");
  ExpectNodes({"Split s 1 2 in a b", "Padding p 1 1 a big 0=2 1=2 2=2 3=2 4=2",
               "Crop c 2 1 big b out 0=1 1=2"},
              "  p = pad2d(in) {mode=reflect, padding=2,2,2,2, value=0} : [N, 4, H+4, W+4]\n"
              "  c = slice(p) {axis=2, begin=2, end_margin=2} : [N, 4, H, W+4]\n"
              "  c.1 = slice(c) {axis=3, begin=1, end_margin=3} : [N, 4, H, W]\n"
              "  output c.1\n");
  ExpectFailure({"Crop c 1 1 in out -23309=1,0 -23310=1,8 -23311=1,1"}, "one fixed size, 8 of H");
  ExpectFailure({"Crop c 1 1 in out -23309=1,-3 -23310=1,-1 -23311=1,1"}, "starts 3 from the end");
  ExpectFailure({"Crop c 1 1 in out -23309=1,0 -23310=1,-1 -23311=1,3"}, "axis from -3 to 2");
  ExpectFailure({"Crop c 1 1 in out 19=\"a\""}, "option 19");
}

TEST(Ncnn, ResizesByFractions) {
  ExpectNodes({"Interp i 1 1 in a 0=1 1=2 2=2", "Interp j 1 1 a b 0=2 1=1.5 2=0.5 6=1",
               "Interp k 1 1 b out 0=3 1=1.333333 2=4.0"},
              "  i = resize(in) {mode=nearest, coordinates=asymmetric, num=2x2, den=1x1} : [N, 4, "
              "2*H, 2*W]\n"
              "  j = resize(i) {mode=bilinear, coordinates=align_corners, num=3x1, den=2x2} : [N, "
              "4, 3*H, W]\n"
              "  k = resize(j) {mode=bicubic, coordinates=half_pixel, num=4x4, den=3x1} : [N, 4, "
              "4*H, 4*W]\n"
              "  output k\n");
  ExpectFailure({"Interp i 1 1 in out 0=1 3=64 4=64"}, "one fixed size");
  ExpectFailure({"Interp i 1 1 in out 0=1 1=1.23456789"}, "no simple fraction");
}

TEST(Ncnn, FindsTheGridThatFits) {
  const NcnnNetwork folded = ReadLayers({"Reorg r 1 1 in out 0=4"});
  EXPECT_EQ(folded.graph.value(folded.graph.inputs[0]).shape[2].multiple(), 4);
  const NcnnNetwork halved = ReadLayers({"Pooling p 1 1 in out 0=0 1=2 2=2"});
  EXPECT_EQ(halved.graph.value(halved.graph.inputs[0]).shape[3].multiple(), 2);
  // "SAME": 3x3 with stride 2 pads one row, after the picture.
  const NcnnNetwork same =
      ReadLayers({"Convolution c 1 1 in out 0=1 1=3 3=2 4=-233 6=36"}, Bin().Flag(0).Floats(36));
  EXPECT_NE(Nodes(same).find("padding=0,0,1,1, groups=1} : [N, 1, H/2, W/2]"), std::string::npos);
  ExpectFailure({"Pooling p 1 1 in out 0=0 1=3 2=128"}, "rounds the size");
}

TEST(Ncnn, ArithmeticWithNumbers) {
  const auto node = [](const std::string& options) {
    const std::string text = Nodes(ReadLayers({"BinaryOp b 1 1 in out 1=1 " + options}));
    return text.substr(2, text.find(" :") - 2);
  };
  EXPECT_EQ(node("0=0 2=1.5"), "b = affine(in) {scale=1, shift=1.5}");
  EXPECT_EQ(node("0=1 2=2"), "b = affine(in) {scale=1, shift=-2}");
  EXPECT_EQ(node("0=2 2=3"), "b = affine(in) {scale=3, shift=0}");
  EXPECT_EQ(node("0=3 2=4"), "b = binary(in, b.scalar) {kind=divide}");
  EXPECT_EQ(node("0=6 2=2"), "b = binary(in, in) {kind=multiply}");
  EXPECT_EQ(node("0=7 2=1"), "b = affine(in) {scale=-1, shift=1}");
  EXPECT_EQ(node("0=8 2=1"), "b = binary(b.scalar, in) {kind=divide}");
  EXPECT_NE(node("0=4 2=0").find("kind=clip, alpha=0"), std::string::npos);
  ExpectFailure({"BinaryOp b 1 1 in out 0=3 1=1 2=0"}, "divides by 0");
  ExpectFailure({"BinaryOp b 1 1 in out 0=6 1=1 2=3"}, "operation 6");
}

TEST(Ncnn, ArithmeticOfBlobs) {
  const auto kind = [](const std::string& layer) {
    const std::string text = Nodes(ReadLayers({"Split s 1 2 in a b", layer}));
    return text.substr(0, text.find(" :"));
  };
  EXPECT_EQ(kind("BinaryOp b 2 1 a b out 0=1"), "  b = binary(in, in) {kind=subtract}");
  EXPECT_EQ(kind("BinaryOp b 2 1 a b out 0=5"), "  b = binary(in, in) {kind=minimum}");
  EXPECT_EQ(kind("Eltwise e 2 1 a b out 0=2"), "  e = binary(in, in) {kind=maximum}");
  EXPECT_EQ(kind("Eltwise e 2 1 a b out 0=1 -23301=2,0.5,1.0"),
            "  e = affine(in) {scale=0.5, shift=0}");
  ExpectFailure({"Split s 1 2 in a b", "Eltwise e 2 1 a b out 0=1 -23301=1,0.5"},
                "1 coefficients for 2 inputs");
  ExpectFailure({"Split s 1 2 in a b", "BinaryOp b 2 1 a b out 0=12"}, "operation 12");
}

TEST(Ncnn, Activations) {
  const auto node = [](const std::string& type) {
    const std::string text = Nodes(ReadLayers({type + " a 1 1 in out"}));
    return text.substr(text.find('{') + 1, text.find('}') - text.find('{') - 1);
  };
  EXPECT_EQ(node("ReLU"), "kind=relu, alpha=0, beta=0");
  EXPECT_EQ(node("Sigmoid"), "kind=sigmoid, alpha=0, beta=0");
  EXPECT_EQ(node("TanH"), "kind=tanh, alpha=0, beta=0");
  EXPECT_EQ(node("Swish"), "kind=silu, alpha=0, beta=0");
  EXPECT_EQ(node("GELU"), "kind=gelu, alpha=0, beta=0");
  EXPECT_EQ(node("ELU"), "kind=elu, alpha=0.1, beta=0");
  EXPECT_EQ(node("HardSigmoid"), "kind=hard_sigmoid, alpha=0.2, beta=0.5");
  EXPECT_EQ(node("HardSwish"), "kind=hard_swish, alpha=0.2, beta=0.5");
  EXPECT_EQ(node("UnaryOp"), "kind=leaky_relu, alpha=-1, beta=0");  // |x|
  ExpectFailure({"UnaryOp u 1 1 in out 0=9"}, "operation 9");
  ExpectFailure({"Convolution c 1 1 in out 0=1 1=1 6=4 9=2"}, "activation 2 lacks its numbers",
                Bin().Flag(0).Floats(4));
  ExpectFailure({"Convolution c 1 1 in out 0=1 1=1 6=4 9=77"}, "fuses activation 77",
                Bin().Flag(0).Floats(4));
}

TEST(Ncnn, BatchNormAndScaleBecomeOneMultiplication) {
  const NcnnNetwork network =
      ReadLayers({"BatchNorm n 1 1 in a 0=4 1=0", "Scale s 1 1 a out 0=4 1=1"},
                 Bin().Floats(4, 6).Floats(4, 10).Floats(4, 4).Floats(4, 1).Floats(4, 2).Floats(4));
  EXPECT_EQ(network.parameters.At("n.weight").floats()[0], 3);  // 6 / sqrt(4)
  EXPECT_EQ(network.parameters.At("n.bias").floats()[0], -29);  // 1 - 3 * 10
  EXPECT_EQ(network.parameters.At("s.weight").shape(), (Shape{4, 1, 1, 1}));
  EXPECT_NE(Nodes(network).find("groups=4"), std::string::npos);
}

TEST(Ncnn, VectorsAndPicturesOfOnePixelAreOne) {
  ExpectNodes({"Reduction r 1 1 in v 0=3 1=0 -23303=2,1,2 4=1 5=1", "Flatten f 1 1 v w",
               "Reshape q 1 1 w x 0=1 1=1 2=4", "MemoryData d 0 1 y 0=4", "BinaryOp b 2 1 x y out"},
              "  r = global_pool(in) {kind=average} : [N, 4, 1, 1]\n"
              "  b = binary(r, d.data) {kind=add} : [N, 4, 1, 1]\n"
              "  output b\n",
              Bin().Floats(4));
  ExpectFailure({"Flatten f 1 1 in out"}, "rearranges a picture");
  ExpectFailure({"InnerProduct f 1 1 in out 0=1 2=4"}, "wants a vector");
}

TEST(Ncnn, ReadsChannelsOffTheFirstConvolution) {
  const auto channels = [](const std::vector<std::string>& layers, size_t weights) {
    const NcnnNetwork network = Read(Param(layers), Bin().Flag(0).Floats(weights));
    return network.graph.value(network.graph.inputs[0]).shape[1].constant();
  };
  EXPECT_EQ(channels({"Input i 0 1 in", "Convolution c 1 1 in out 0=2 1=3 6=18"}, 18), 1);
  EXPECT_EQ(channels({"Input i 0 1 in", "Reorg r 1 1 in a 0=2",
                      "Convolution c 1 1 a out 0=1 1=1 "
                      "6=12"},
                     12),
            3);
}

TEST(Ncnn, NamesLayersItCannotRun) {
  const std::string text = MessageOf([] { ReadLayers({"Softmax sm 1 1 in out 0=0"}); });
  EXPECT_EQ(text, "[x.param] line 4, Softmax \"sm\": is a type of layer that gan cannot run");
  ExpectFailure({"Input two 0 1 b"}, "second input");
  ExpectFailure({"ReLU r 1 1 nowhere out"}, "wants \"nowhere\", which no layer before it makes");
  ExpectFailure({"Split s 1 2 in a b", "ReLU r 1 1 a x", "ReLU q 1 1 b y"}, "there are 2");
  ExpectFailure({"Convolution c 1 1 in a 0=1 1=1 6=4", "Convolution c 1 1 a out 0=1 1=1 6=1"},
                "shares its name", Bin().Flag(0).Floats(4).Flag(0).Floats(1));
}

TEST(Ncnn, WeightsMustFillTheFileExactly) {
  const std::vector<std::string> layers = {"Convolution c 1 1 in out 0=1 1=1 5=1 6=4"};
  ExpectFailure(layers, "0 bytes left", Bin());
  ExpectFailure(layers, "wants 4 weights, x.bin has 12 bytes left", Bin().Flag(0).Floats(3));
  ExpectFailure(layers, "wants 1 weights, x.bin has 0 bytes left", Bin().Flag(0).Floats(4));
  ExpectFailure(layers, "has 4 bytes more", Bin().Flag(0).Floats(6));
  ExpectFailure(layers, "int8 weights", Bin().Flag(0x000D4B38).Floats(6));
  ExpectFailure(layers, "storage flag 0x3f800000", Bin().Floats(6));
  ExpectFailure(layers, "NaN or infinite", Bin().Flag(0).Floats(4, INFINITY).Floats(1));
  ExpectFailure({"Convolution c 1 1 in out 0=1 1=1 6=2147483647"}, "bytes left", Bin().Flag(0));
  ExpectFailure({"Convolution c 1 1 in out 0=1 1=1 6=4 8=2"}, "int8", Bin().Flag(0).Floats(4));
  ExpectFailure({"Convolution c 1 1 in out 0=3 1=1 6=4"}, "cannot share 4 weights");
}

TEST(Ncnn, BrokenTextIsNamedByLine) {
  const auto fails = [](const std::string& text, const std::string& part) {
    const std::string message = MessageOf([&] { Read(text); });
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  fails("", "7767517");
  fails("7767516\n1 1\n", "7767517");
  fails("7767517\n", "ends after its first line");
  fails("7767517\nmany 1\n", "line 2 wants a number of layers");
  fails("7767517\n99999999 1\n", "line 2 wants a number of layers");
  fails("7767517\n2 2\nInput i 0 1 in\n", "promises 2 layers and has 1");
  fails("7767517\n1 1\nInput i 0 1 in\nReLU r 1 1 in out\n", "line 4 is one too many");
  fails("7767517\n1 1\nInput i 0 1 in 0=1 0=2\n", "line 3 gives option 0 twice");
  fails("7767517\n1 1\nInput i 0 1 in 99=1\n", "keys from 0 to 31");
  fails("7767517\n1 1\nInput i 0 1 in -23301=3,1,2\n", "list of another length");
  fails("7767517\n1 1\nInput i 0 1 in nonsense\n", "<key>=<value>");
  fails("7767517\n1 1\nInput i 0 3 in\n", "ends before its 3 names do");
  fails("7767517\n1 1\nInput i 0 1000000000 in\n", "a number of outputs");
  fails("7767517\n1 1\nInput i 0 1 in 2=three\n", "option 2 wants a whole number");
  fails("7767517\n1 1\nInput i 0 1 in 2=-4\n", "option 2 wants 0 to");
  fails("7767517\n2 2\nInput i 0 1 in\nReLU r 1 1 in in\n", "makes \"in\" again");
  fails("7767517\n1 1\nReLU \xff 0 1 in\n", "not UTF-8");
  fails("7767517\n0 0\n", "has no layers");
  fails("7767517\n2 2\nInput i 0 1 in\nReLU r 1 1 in out 0=1e999\n", "wants a number");
}

TEST(Ncnn, AcceptsBothKindsOfListsAndWindowsLineEnds) {
  const std::string text =
      "7767517\r\n2 2\r\nInput i 0 1 in 2=1\r\n\r\nCrop c 1 1 in out 9=1,1 10=-1,-1 11=1,2\r\n";
  EXPECT_NE(Nodes(Read(text)).find("[N, 1, H-2, W-2]"), std::string::npos);
}

class NcnnFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              fmt::format("gan_ncnn_{}", testing::UnitTest::GetInstance()->random_seed());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path Write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

  std::filesystem::path folder_;
};

TEST_F(NcnnFiles, EitherHalfFindsTheOther) {
  const auto param = Write("net.param", Param({"Input i 0 1 in", "ReLU r 1 1 in out"}));
  EXPECT_TRUE(IsNcnn(param));
  EXPECT_NE(MessageOf([&] { ReadNcnn(param); }, ErrorCode::kNoInput).find("\"net.bin\""),
            std::string::npos);
  const auto bin = Write("net.bin", "");
  EXPECT_TRUE(IsNcnn(bin));
  EXPECT_EQ(ReadNcnn(param).layers, 2u);
  EXPECT_EQ(ReadNcnn(bin).layers, 2u);
  const auto alone = Write("alone.bin", "x");
  EXPECT_FALSE(IsNcnn(alone));
  EXPECT_NE(MessageOf([&] { ReadNcnn(alone); }).find("no ncnn .param file"), std::string::npos);
}

}  // namespace
}  // namespace gan::core
