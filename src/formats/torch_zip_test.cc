#include "formats/torch_zip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "formats/testing/pickle_writer.h"
#include "formats/testing/torch_writer.h"
#include "formats/testing/zip_writer.h"
#include "gan/error.h"

namespace gan::core {
namespace {

using testing::PickleWriter;
using testing::TorchBytes;
using testing::TorchGroup;
using testing::TorchWriteOptions;
using testing::ZipWriter;

Checkpoint Read(const std::string& bytes, const ReadOptions& options = {}) {
  return ReadCheckpoint(MemorySource("test", std::as_bytes(std::span(bytes))), options);
}

// The message of the error, which must be kBadData; empty when there is none.
std::string Refusal(const std::string& bytes, const ReadOptions& options = {}) {
  try {
    Read(bytes, options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData) << error.what();
    return error.what();
  }
  return "";
}

NamedTensors SomeTensors() {
  Random random(3);
  NamedTensors out;
  Tensor weight(DType::kF32, Shape{4, 3, 2, 5});
  random.FillNormal(weight.floats());
  out.Add("conv.weight", weight);
  Tensor bias(DType::kF32, Shape{4});
  random.FillNormal(bias.floats());
  out.Add("conv.bias", bias);
  Tensor half(DType::kF16, Shape{2, 3});
  for (size_t i = 0; i < half.bytes(); ++i) half.raw()[i] = static_cast<std::byte>(i);
  out.Add("half", half);
  out.Add("steps", Tensor::Zeros(DType::kI64, Shape{}));
  out.Add("empty", Tensor(DType::kBF16, Shape{0, 3}));
  return out;
}

void ExpectTensors(const Checkpoint& checkpoint, const std::string& prefix = "") {
  const NamedTensors wanted = SomeTensors();
  ASSERT_EQ(checkpoint.tensors.size(), wanted.size());
  auto got = checkpoint.tensors.begin();
  for (const auto& [name, tensor] : wanted) {
    EXPECT_EQ(got->first, prefix + name);
    EXPECT_EQ(got->second.dtype(), tensor.dtype());
    EXPECT_EQ(got->second.shape(), tensor.shape());
    EXPECT_TRUE(std::ranges::equal(got->second.raw(), tensor.raw())) << name;
    ++got;
  }
}

TEST(TorchFiles, EveryVariantGivesTheSameTensors) {
  // Each bit is one option: all combinations of all of them.
  bool TorchWriteOptions::*const flags[] = {
      &TorchWriteOptions::legacy,         &TorchWriteOptions::deflate,
      &TorchWriteOptions::folder_entries, &TorchWriteOptions::descriptors,
      &TorchWriteOptions::share_storage,  &TorchWriteOptions::transposed,
      &TorchWriteOptions::big_endian,     &TorchWriteOptions::zip64};
  for (unsigned bits = 0; bits < 1u << std::size(flags); ++bits) {
    TorchWriteOptions options;
    for (size_t i = 0; i < std::size(flags); ++i) options.*flags[i] = (bits >> i & 1) != 0;
    SCOPED_TRACE(bits);
    const Checkpoint checkpoint = Read(TorchBytes(SomeTensors(), options));
    EXPECT_EQ(checkpoint.format, options.legacy ? "PyTorch legacy" : "PyTorch zip");
    ExpectTensors(checkpoint);
  }
}

TEST(TorchFiles, FlattensWrappersAndPassesOverJunk) {
  for (const bool legacy : {false, true}) {
    TorchWriteOptions options;
    options.legacy = legacy;
    options.junk = true;
    const TorchGroup groups[] = {{"params_ema", SomeTensors()}};
    const Checkpoint checkpoint = Read(TorchBytes(groups, options));
    ExpectTensors(checkpoint, "params_ema.");
    EXPECT_EQ(checkpoint.opaque, std::vector<std::string>{"torch.optim.lr_scheduler.StepLR"});
    EXPECT_EQ(checkpoint.opaque_objects, 1u);
  }
}

TEST(TorchFiles, TorchScriptGivesTheAttributesOfItsModules) {
  TorchWriteOptions options;
  options.script = true;
  const Checkpoint checkpoint = Read(TorchBytes(SomeTensors(), options));
  EXPECT_EQ(checkpoint.format, "TorchScript");
  ExpectTensors(checkpoint);
}

TEST(TorchFiles, SharedStorageIsSharedMemory) {
  TorchWriteOptions options;
  options.share_storage = true;
  const Checkpoint checkpoint = Read(TorchBytes(SomeTensors(), options));
  const Tensor& weight = checkpoint.tensors.At("conv.weight");
  EXPECT_EQ(checkpoint.tensors.At("conv.bias").raw().data(), weight.raw().data() + weight.bytes());
}

TEST(TorchFiles, RefusesEveryTruncation) {
  for (const bool legacy : {false, true}) {
    TorchWriteOptions options;
    options.legacy = legacy;
    const std::string good = TorchBytes(SomeTensors(), options);
    EXPECT_EQ(Refusal(good), "");
    for (size_t size = 0; size < good.size(); ++size) {
      EXPECT_NE(Refusal(good.substr(0, size)), "") << legacy << " " << size;
    }
    EXPECT_NE(Refusal(good + "x"), "") << legacy;
  }
}

// A pickle of {"w": tensor} with these arguments; storage "0" has `elements` floats.
std::string TensorPickle(int64_t elements, int64_t offset, std::vector<int64_t> sizes,
                         std::vector<int64_t> strides) {
  PickleWriter out;
  out.EmptyDict().Text("w").Global("torch._utils", "_rebuild_tensor_v2").Mark();
  out.Mark().Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Int(elements);
  out.Tuple().Persistent().Int(offset).Ints(sizes).Ints(strides);
  return out.Bool(false).OrderedDict().Tuple().Call().Raw("s").Finish();
}

std::string ZipOf(const std::string& pickle, size_t record_bytes) {
  ZipWriter zip;
  zip.Add("a/data.pkl", pickle);
  zip.Add("a/data/0", std::string(record_bytes, '\0'));
  return zip.Finish();
}

TEST(TorchFiles, ChecksViewsAgainstTheirRecord) {
  const int64_t big = int64_t{1} << 62;
  EXPECT_EQ(Refusal(ZipOf(TensorPickle(6, 0, {2, 3}, {3, 1}), 24)), "");
  EXPECT_EQ(Refusal(ZipOf(TensorPickle(6, 0, {3, 2}, {1, 3}), 24)), "");
  EXPECT_EQ(Refusal(ZipOf(TensorPickle(6, 5, {1000}, {0}), 24)), "");
  EXPECT_NE(Refusal(ZipOf(TensorPickle(6, 1, {2, 3}, {3, 1}), 24)).find("leaves"),
            std::string::npos);
  EXPECT_NE(Refusal(ZipOf(TensorPickle(6, -1, {2}, {1}), 24)).find("leaves"), std::string::npos);
  EXPECT_NE(Refusal(ZipOf(TensorPickle(6, 0, {2}, {-1}), 24)).find("leaves"), std::string::npos);
  EXPECT_NE(Refusal(ZipOf(TensorPickle(6, 0, {3}, {big}), 24)), "");
  EXPECT_NE(Refusal(ZipOf(TensorPickle(6, 0, {big, big}, {0, 0}), 24)), "");
  EXPECT_NE(Refusal(ZipOf(TensorPickle(6, 0, {big}, {0}), 24)), "");
  EXPECT_NE(Refusal(ZipOf(TensorPickle(6, 0, {-2}, {1}), 24)), "");
  EXPECT_NE(Refusal(ZipOf(TensorPickle(6, 0, {2, 3}, {1}), 24)).find("strides"), std::string::npos);
  EXPECT_NE(Refusal(ZipOf(
                TensorPickle(6, 0, std::vector<int64_t>(9, 1), std::vector<int64_t>(9, 1)), 24)),
            "");
  EXPECT_NE(Refusal(ZipOf(TensorPickle(6, 0, {6}, {1}), 28)).find("its record has 28"),
            std::string::npos);
  EXPECT_NE(Refusal(ZipOf(TensorPickle(big, 0, {6}, {1}), 24)), "");
}

TEST(TorchFiles, CopiesOfViewsAreBounded) {
  // One element shown as 32 Mi of them: the file has a few hundred bytes.
  EXPECT_NE(Refusal(ZipOf(TensorPickle(1, 0, {32 << 20}, {0}), 4)).find("copied"),
            std::string::npos);
}

TEST(TorchFiles, RefusesUnknownCallsInTheWayOfTensors) {
  PickleWriter out;
  out.EmptyDict().Text("w").Global("torch._utils", "_rebuild_qtensor").Mark();
  out.Mark().Text("storage").Global("torch", "QInt8Storage").Text("0").Text("cpu").Int(1).Tuple();
  const std::string pickle = out.Persistent().Tuple().Call().Raw("s").Finish();
  EXPECT_NE(Refusal(ZipOf(pickle, 1)).find("torch._utils._rebuild_qtensor"), std::string::npos);
}

// A dict that holds `leaf` at "w", itself, and a tower of 40 lists, each holding the one below it
// twice, with `leaf` at the bottom.
std::string CyclesAndTower(bool with_tensor) {
  PickleWriter out;
  out.EmptyDict().Raw("q\x01").Mark();
  out.Text("self").Raw("h\x01");
  out.Text("w");
  if (with_tensor) {
    out.Global("torch._utils", "_rebuild_tensor_v2").Mark();
    out.Mark().Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Int(1);
    out.Tuple().Persistent().Int(0).EmptyTuple().EmptyTuple().Bool(false).None().Tuple().Call();
  } else {
    out.None();
  }
  out.Raw("q\x02").Text("tower").Raw("h\x02");
  for (int i = 0; i < 40; ++i)
    out.Raw(
        "0](h\x02h\x02"
        "eq\x02");
  return out.SetItems().Finish();
}

TEST(TorchFiles, CyclesAndSharingEnd) {
  EXPECT_NE(Refusal(ZipOf(CyclesAndTower(true), 4)).find("65536"), std::string::npos);
  EXPECT_NE(Refusal(ZipOf(CyclesAndTower(false), 4)).find("without a tensor"), std::string::npos);
}

TEST(TorchZip, RefusesHostileArchives) {
  const std::string pickle = TensorPickle(1, 0, {1}, {1});
  const std::string data(4, '\0');
  using Build = std::function<void(ZipWriter&)>;
  const std::pair<const char*, Build> cases[] = {
      {"no data.pkl", [&](ZipWriter& z) { z.Add("a/data/0", data); }},
      {"one folder", [&](ZipWriter& z) { z.Add("data.pkl", pickle); }},
      {"one folder", [&](ZipWriter& z) { z.Add("a/data.pkl", pickle), z.Add("b/data/0", data); }},
      {"twice", [&](ZipWriter& z) { z.Add("a/data.pkl", pickle), z.Add("a/data.pkl", pickle); }},
      {"plain", [&](ZipWriter& z) { z.Add("a/data.pkl", pickle), z.Add("a/../data/0", data); }},
      {"plain", [&](ZipWriter& z) { z.Add("a/data.pkl", pickle), z.Add("/a/data/0", data); }},
      {"plain", [&](ZipWriter& z) { z.Add("a/data.pkl", pickle), z.Add("a\\data", data); }},
      {"lacks", [&](ZipWriter& z) { z.Add("a/data.pkl", pickle); }},
      {"byte order", [&](ZipWriter& z) { z.Add("a/data.pkl", pickle), z.Add("a/byteorder", "?"); }},
  };
  for (const auto& [word, build] : cases) {
    ZipWriter zip;
    build(zip);
    const std::string message = Refusal(zip.Finish());
    EXPECT_NE(message.find(word), std::string::npos) << word << ": " << message;
  }
}

TEST(TorchZip, ChecksumsCountUnlessZero) {
  for (const bool checksums : {true, false}) {
    ZipWriter::Options options;
    options.checksums = checksums;
    ZipWriter zip(options);
    zip.Add("a/data.pkl", TensorPickle(1, 0, {1}, {1}));
    zip.Add("a/data/0", "\x11\x22\x33\x3f");
    std::string bytes = zip.Finish();
    EXPECT_EQ(Refusal(bytes), "");
    bytes[bytes.find("\x11\x22\x33")] = '\x12';
    EXPECT_EQ(Refusal(bytes).find("checksum") != std::string::npos, checksums);
  }
}

TEST(TorchZip, BombsAreRefusedBeforeTheyInflate) {
  ZipWriter::Options options;
  options.deflate = true;
  ZipWriter zip(options);
  zip.Add("a/data.pkl", TensorPickle(1, 0, {1}, {1}));
  zip.Add("a/data/0", std::string(16 << 20, '\0'));
  EXPECT_NE(Refusal(zip.Finish()).find("bomb"), std::string::npos);
}

}  // namespace
}  // namespace gan::core
