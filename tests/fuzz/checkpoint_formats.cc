#include "checkpoint_formats.h"

#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <string_view>

#include "base/error.h"
#include "base/random.h"
#include "formats/checkpoint.h"
#include "formats/npy.h"
#include "formats/onnx.h"
#include "formats/pickle.h"
#include "formats/safetensors.h"
#include "formats/testing/module_writer.h"
#include "formats/testing/onnx_writer.h"
#include "formats/testing/torch_writer.h"
#include "formats/torch_tensor.h"
#include "formats/torch_tree.h"
#include "formats/zip_archive.h"

namespace gan::core::fuzz {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::TorchBytes;
using testing::TorchGroup;
using testing::TorchWriteOptions;

NamedTensors SmallTensors() {
  Random random(11);
  NamedTensors out;
  Tensor weight(DType::kF32, Shape{4, 2, 3, 3});
  random.FillNormal(weight.floats());
  out.Add("conv_first.weight", weight);
  out.Add("conv_first.bias", Tensor::Zeros(DType::kF32, Shape{4}));
  out.Add("half", Tensor::Zeros(DType::kF16, Shape{2, 3}));
  out.Add("num_batches_tracked", Tensor::Zeros(DType::kI64, Shape{}));
  return out;
}

std::string Torch(const TorchWriteOptions& options) { return TorchBytes(SmallTensors(), options); }

std::string WrappedTorch(TorchWriteOptions options) {
  options.junk = true;
  const TorchGroup groups[] = {{"params", SmallTensors()}, {"params_ema", SmallTensors()}};
  return TorchBytes(groups, options);
}

std::span<const std::byte> AsBytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string DataPickle(const std::string& zip) {
  const MemorySource source("seed", AsBytes(zip));
  const ZipArchive archive(source, Limits{});
  const std::vector<std::byte> bytes = archive.Read(*archive.Find("archive/data.pkl"));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What `write` writes to the path it is given.
template <class Write>
std::string Written(const Write& write) {
  static std::atomic<int> count{0};
  const auto path = std::filesystem::temp_directory_path() /
                    fmt::format("gan_fuzz_seed_{}_{}", getpid(), count++);
  write(path);
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::filesystem::remove(path);
  return bytes;
}

class RecordsOfAnySize final : public TorchRecords {
 public:
  Tensor Load(std::string_view /*key*/, uint64_t bytes) const override {
    constexpr uint64_t kMost = 64 << 10;
    if (bytes > kMost) Fail(ErrorCode::kBadData, "fuzz", "wants {} bytes", bytes);
    return Tensor::Zeros(DType::kU8, Shape{static_cast<int64_t>(bytes)});
  }
};

}  // namespace

std::vector<std::string> PickleSeeds() {
  TorchWriteOptions script;
  script.script = true;
  return {
      DataPickle(Torch({})),
      DataPickle(WrappedTorch({})),
      DataPickle(Torch(script)),
      // Protocol 0: text for everything.
      "(dp0\nS'a\\x41'\np1\nI12\nsVb\\u00e9\np2\nL123456789012345678901234567890L\n"
      "s(lp3\nF1.5\naI01\naNa(I1\nI2\ntacos\nsystem\np4\n(S'true'\ntR(ios\nsystem\np5\n"
      "(dp6\nb0.",
      // Protocol 4: frames, memo without numbers, sets, bytes, NEWOBJ_EX.
      std::string("\x80\x04\x95\x30\0\0\0\0\0\0\0}\x94(\x8c\x01s\x94\x8f\x94(K\x01K\x02\x90"
                  "\x8c\x01"
                  "b\x94"
                  "C\x02xy\x94\x8c\x01o\x94\x8c\x01m\x94\x8c\x01n\x94\x93\x94)}"
                  "\x92\x94}b\x8c\x01"
                  "f(K\x01\x91u."sv),
  };
}

std::vector<std::string> TorchZipSeeds() {
  // Without checksums a changed byte gets past the archive and into what reads the record.
  TorchWriteOptions bare, deflated, marked, views, script, big;
  bare.checksums = false;
  deflated.deflate = true;
  deflated.checksums = false;
  marked.folder_entries = marked.descriptors = marked.zip64 = true;
  views.share_storage = views.transposed = true;
  views.checksums = false;
  script.script = true;
  script.checksums = false;
  big.big_endian = true;
  return {Torch({}),     Torch(bare),  WrappedTorch(bare), Torch(deflated),
          Torch(marked), Torch(views), Torch(script),      Torch(big)};
}

std::vector<std::string> TorchLegacySeeds() {
  TorchWriteOptions bare, views, big;
  bare.legacy = views.legacy = big.legacy = true;
  views.share_storage = views.transposed = true;
  big.big_endian = true;
  return {Torch(bare), WrappedTorch(bare), Torch(views), Torch(big)};
}

std::vector<std::string> ModuleSeeds() {
  return {testing::ModuleZip(testing::ModulePickle()),
          testing::PersistentPickle(testing::EmbeddedStorage(std::string(8, '\0'), 2))};
}

namespace {

// Sizes and weights that are computed.
std::string SizesOfOnnx() {
  testing::OnnxWriter writer;
  writer.Input("x", {1, 3, -1, -1}).Weight("w", {3, 4, 3, 3}).Weight("half", {1}, 0.5f);
  writer.Ints("two", {2}).Ints("one", {1}).Ints("n", {1, 3}).Ints("minus", {-1}).Ints("four", {4});
  writer.Node("Transpose", {"w"}, "t", {OnnxIntegers("perm", {1, 0, 2, 3})});
  writer.Node("Mul", {"t", "half"}, "v").Node("Slice", {"v", "one", "four", "one"}, "u");
  writer.Node("Shape", {"x"}, "s")
      .Node("Gather", {"s", "two"}, "q")
      .Node("Slice", {"s", "two", "four"}, "h");
  writer.Node("Cast", {"h"}, "f", {OnnxInteger("to", 1)}).Node("Div", {"f", "half"}, "d");
  writer.Node("Floor", {"d"}, "g").Node("Cast", {"g"}, "i", {OnnxInteger("to", 7)});
  writer.Node("Concat", {"n", "i"}, "sizes", {OnnxInteger("axis", 0)});
  writer.Node("Equal", {"n", "minus"}, "e").Node("ConstantOfShape", {"two"}, "c");
  writer.Node("Where", {"e", "n", "n"}, "m").Node("Expand", {"half", "n"}, "k");
  writer.NodeOfMany("Split", {"x"}, {"a", "b"},
                    {OnnxInteger("axis", 1), OnnxIntegers("split", {1, 2})});
  writer.Node("Concat", {"b", "a"}, "j", {OnnxInteger("axis", 1)});
  writer.Node("Resize", {"j", "", "", "sizes"}, "r").Node("Conv", {"r", "v"}, "y");
  return writer.Output("y").Finish();
}

// Shuffles in steps, borders that depend on the size, reductions.
std::string BlocksOfOnnx() {
  testing::OnnxWriter writer;
  writer.Input("x", {1, 8, 4, 4}).Weight("w", {8, 2, 3, 3}).Ints("six", {-1, 2, 2, 2, 4, 4});
  writer.Ints("four", {-1, 2, 8, 8}).Node("Reshape", {"x", "six"}, "b");
  writer.Node("Transpose", {"b"}, "t", {OnnxIntegers("perm", {0, 1, 4, 2, 5, 3})});
  writer.Node("Reshape", {"t", "four"}, "p");
  writer.Node("ConvTranspose", {"x", "w"}, "c",
              {OnnxIntegers("strides", {2, 2}), OnnxIntegers("output_shape", {8, 8})});
  writer.Node("Add", {"p", "c"}, "a");
  writer.Node("SpaceToDepth", {"a"}, "s", {OnnxInteger("blocksize", 2)});
  writer.Node("ReduceSum", {"s"}, "m", {OnnxIntegers("axes", {2, 3})});
  writer.Node("Add", {"s", "m"}, "n")
      .Node("DepthToSpace", {"n"}, "y", {OnnxInteger("blocksize", 2)});
  return writer.Output("y").Finish(11);
}

std::string AttentionOfOnnx() {
  testing::OnnxWriter writer;
  writer.Input("x", {1, 4, 2, 2}).Ints("flat", {0, 4, -1}).Ints("back", {0, 4, 2, 2});
  writer.Weight("one", {}, 1).Weight("half", {}, 0.5f).Weight("root", {}, 1.41421356f);
  writer.Node("Reshape", {"x", "flat"}, "f");
  writer.Node("Transpose", {"f"}, "t", {OnnxIntegers("perm", {0, 2, 1})});
  writer.Node("MatMul", {"t", "f"}, "s").Node("Softmax", {"s"}, "m", {OnnxInteger("axis", 1)});
  writer.Node("MatMul", {"f", "m"}, "o").Node("Reshape", {"o", "back"}, "p");
  writer.Node("Div", {"p", "root"}, "d").Node("Erf", {"d"}, "e").Node("Add", {"e", "one"}, "g");
  writer.Node("Mul", {"p", "g"}, "h").Node("Mul", {"h", "half"}, "y");
  return writer.Output("y").Finish(17);
}

// Channels last, with numbers beside them; and a softmax.
std::string TurnedOfOnnx() {
  testing::OnnxWriter writer;
  writer.Input("x", {1, -1, 4, 3})
      .Weight("w", {3, 3, 1, 1})
      .Weight("three", {3})
      .Weight("one", {1});
  writer.Node("Div", {"x", "one"}, "d").Node("Sub", {"three", "d"}, "s");
  writer.Node("Transpose", {"s"}, "t", {OnnxIntegers("perm", {0, 3, 1, 2})});
  writer.Node("Conv", {"t", "w"}, "c");
  writer.Node("Softmax", {"c"}, "f", {OnnxInteger("axis", 3)});
  writer.Node("Transpose", {"f"}, "b", {OnnxIntegers("perm", {0, 2, 3, 1})});
  writer.Node("Clip", {"b", "one"}, "l").Node("Add", {"l", "s"}, "a");
  writer.Ints("pads", {0, 1, 0, 0, 0, 0, 2, 0}).Node("Pad", {"a", "pads"}, "p");
  writer.Node("ReduceMean", {"p"}, "r", {OnnxIntegers("axes", {1, 2})})
      .Node("Sub", {"p", "r"}, "u");
  writer.Node("Concat", {"u", "p"}, "y", {OnnxInteger("axis", -1)});
  return writer.Output("y").Finish();
}

// Two heads cut from one row, whose first axis is moved on the way, and a norm in steps.
std::string HeadsOfOnnx() {
  testing::OnnxWriter writer;
  writer.Input("x", {1, 3, 8}).Weight("w", {8, 24}).Weight("two", {}, 2).Weight("small", {}, 0.1f);
  writer.Ints("five", {1, 3, 3, 2, 4}).Ints("rows", {0, 3, 8});
  writer.Node("ReduceMean", {"x"}, "m", {OnnxIntegers("axes", {-1})}).Node("Sub", {"x", "m"}, "c");
  writer.Node("Pow", {"c", "two"}, "s")
      .Node("ReduceMean", {"s"}, "u", {OnnxIntegers("axes", {-1})});
  writer.Node("Add", {"u", "small"}, "e").Node("Sqrt", {"e"}, "r").Node("Div", {"c", "r"}, "n");
  writer.Node("MatMul", {"n", "w"}, "f").Node("Reshape", {"f", "five"}, "g");
  writer.Node("Transpose", {"g"}, "t", {OnnxIntegers("perm", {2, 0, 3, 1, 4})});
  for (const auto& [name, place] : {std::pair{"q", 0}, {"k", 1}, {"v", 2}}) {
    const std::string at = std::string("place_of_") + name;
    writer.Node("Constant", {}, at, {OnnxInteger("value_int", place)});
    writer.Node("Gather", {"t", at}, name, {OnnxInteger("axis", 0)});
  }
  writer.Node("Transpose", {"k"}, "l", {OnnxIntegers("perm", {0, 1, 3, 2})});
  writer.Node("MatMul", {"q", "l"}, "a")
      .Node("Softmax", {"a"}, "b")
      .Node("MatMul", {"b", "v"}, "o");
  writer.Node("Transpose", {"o"}, "p", {OnnxIntegers("perm", {0, 2, 1, 3})});
  writer.Node("Reshape", {"p", "rows"}, "i");
  writer.Node("Einsum", {"i", "x"}, "j", {OnnxText("equation", "nlc,nrc->nlr")});
  writer.Node("Einsum", {"j", "x"}, "h", {OnnxText("equation", "nlr,nrc->nlc")});
  writer.Node("Concat", {"h", "x"}, "y", {OnnxInteger("axis", -1)});
  return writer.Output("y").Finish(13);
}

// A row that becomes a picture with its channels last, whose numbers are then moved.
std::string MovedOfOnnx() {
  testing::OnnxWriter writer;
  writer.Input("z", {1, 4}).Weight("m", {4, 24}).Ints("sizes", {-1, 2, 2, 6});
  writer.Weight("w", {6, 3, 4, 4}).Node("MatMul", {"z", "m"}, "a");
  writer.Node("Reshape", {"a", "sizes"}, "p");
  writer.Node("Transpose", {"p"}, "t", {OnnxIntegers("perm", {0, 3, 1, 2})});
  writer.Node("ConvTranspose", {"t", "w"}, "c",
              {OnnxIntegers("strides", {2, 2}), OnnxIntegers("pads", {1, 1, 1, 1})});
  writer.Node("Transpose", {"c"}, "b", {OnnxIntegers("perm", {0, 2, 3, 1})});
  writer.Node("Tanh", {"b"}, "y");
  return writer.Output("y").Finish();
}

// Classes, looked up in a table and as labels.
std::string ClassesOfOnnx() {
  testing::OnnxWriter writer;
  writer.Input("z", {1, 4}).WholeInput("digit", {1, 1}).Weight("table", {5, 4}).Ints("depth", {5});
  writer.Floats("values", {0, 1}).Ints("sizes", {-1, 4}).Weight("m", {9, 12});
  writer.Node("Gather", {"table", "digit"}, "e").Node("Reshape", {"e", "sizes"}, "r");
  writer.Node("Squeeze", {"digit"}, "s", {OnnxIntegers("axes", {1})});
  writer.Node("OneHot", {"s", "depth", "values"}, "h").Node("Mul", {"z", "r"}, "p");
  writer.Node("Concat", {"p", "h"}, "c", {OnnxInteger("axis", 1)}).Node("MatMul", {"c", "m"}, "a");
  writer.Ints("picture", {-1, 3, 2, 2}).Node("Reshape", {"a", "picture"}, "y");
  return writer.Output("y").Finish();
}

}  // namespace

std::vector<std::string> OnnxSeeds() {
  testing::OnnxWriter convolutions, row;
  convolutions.Input("x", {1, 3, -1, 64}).Weight("w", {4, 3, 3, 3}).Weight("t", {4, 3, 4, 4});
  convolutions.Node("Conv", {"x", "w"}, "a",
                    {OnnxIntegers("pads", {1, 1, 1, 1}), OnnxIntegers("strides", {2, 2})});
  convolutions.Node("ConvTranspose", {"a", "t"}, "y",
                    {OnnxIntegers("pads", {1, 1, 1, 1}), OnnxIntegers("strides", {2, 2})});
  convolutions.Output("y");
  row.Input("z", {1, 8}).Weight("m", {8, 32}).Weight("b", {32}).Ints("sizes", {1, 2, 4, 4});
  row.Node("Gemm", {"z", "m", "b"}, "a").Node("Reshape", {"a", "sizes"}, "p");
  row.Weight("scales", {4}, 1).Node("Resize", {"p", "", "scales"}, "q").Ints("s", {0, 1});
  row.Ints("e", {2, 4}).Ints("axes", {1, 2}).Node("Slice", {"q", "s", "e", "axes"}, "y");
  row.Ints("pads", {0, 0, 1, 1, 0, 0, 1, 1}).Node("Pad", {"y", "pads"}, "o").Output("o");
  return {convolutions.Finish(), row.Finish(),  SizesOfOnnx(), BlocksOfOnnx(), AttentionOfOnnx(),
          TurnedOfOnnx(),        MovedOfOnnx(), HeadsOfOnnx(), ClassesOfOnnx()};
}

std::vector<std::string> SafetensorsSeeds() {
  return {
      Written([](const std::filesystem::path& path) { WriteSafetensors(path, SmallTensors()); }),
      Written([](const std::filesystem::path& path) {
        NamedTensors one;
        one.Add("x", Tensor::Zeros(DType::kBF16, Shape{3, 0, 2}));
        one.Add("\xc3\xa9", Tensor::Zeros(DType::kU8, Shape{5}));
        WriteSafetensors(path, one, {{"scale", "4"}});
      })};
}

std::vector<std::string> NpySeeds() {
  const std::string fortran = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n";
  std::string second = "\x93NUMPY\x02"s + '\0';
  second += static_cast<char>(fortran.size());
  second += std::string(3, '\0') + fortran + "abcdef";
  return {Written([](const std::filesystem::path& path) {
            WriteNpy(path, Tensor::Zeros(DType::kF32, Shape{1, 3, 4, 4}));
          }),
          second};
}

void Touch(const Tensor& tensor) {
  volatile unsigned sum = 0;
  unsigned total = 0;
  for (const std::byte byte : tensor.raw()) total += std::to_integer<unsigned>(byte);
  sum = total;
  static_cast<void>(sum);
}

void ReadFuzzedPickle(std::span<const std::byte> bytes) {
  const Limits limits;
  const Pickle pickle = ReadPickle(MemorySource("fuzz", bytes), 0, limits);
  const RecordsOfAnySize records;
  TorchTensorMaker maker("fuzz", records, bytes.size(), /*big_endian=*/false, limits);
  Checkpoint out;
  // As TorchScript nothing is refused early, so more is walked.
  CollectTorchTensors("fuzz", pickle, /*script=*/true, limits, maker, out);
  for (const auto& [name, tensor] : out.tensors) Touch(tensor);
}

void ReadFuzzedCheckpoint(std::span<const std::byte> bytes) {
  ReadOptions options;
  options.allow_non_finite = true;
  const Checkpoint checkpoint = ReadCheckpoint(MemorySource("fuzz", bytes), options);
  for (const auto& [name, tensor] : checkpoint.tensors) Touch(tensor);
}

void ReadFuzzedOnnx(std::span<const std::byte> bytes) {
  const OnnxNetwork network = ReadOnnx(MemorySource("fuzz", bytes), "");
  for (const auto& [name, tensor] : network.parameters) Touch(tensor);
}

void ReadFuzzedNpy(std::span<const std::byte> bytes) {
  Touch(ReadNpy(MemorySource("fuzz", bytes)));
}

}  // namespace gan::core::fuzz
