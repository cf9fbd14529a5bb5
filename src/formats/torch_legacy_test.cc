#include "formats/torch_legacy.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/testing/pickle_writer.h"
#include "gan/error.h"

namespace gan::core {
namespace {

using namespace std::string_literals;
using testing::PickleWriter;

// The parts of a file, each of which a test may replace. The object is {"w": two floats}, a part
// of a storage of four: PyTorch before 0.4 could do that.
struct LegacyFile {
  std::string magic =
      PickleWriter().Raw("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19").Finish();
  std::string protocol = PickleWriter().Int(1001).Finish();
  std::string system =
      PickleWriter().EmptyDict().Text("little_endian").Bool(true).Raw("s").Finish();
  std::string object = Object(4, 1, 2);
  std::string keys = PickleWriter().EmptyList().Text("9").Raw("a").Finish();
  std::string record = "\x04\0\0\0\0\0\0\0"s + std::string("\0\0\0\0\0\0\x80?\0\0\0@\0\0@@", 16);

  static std::string Object(int64_t elements, int64_t begin, int64_t size) {
    PickleWriter out;
    out.EmptyDict().Text("w").Global("torch._utils", "_rebuild_tensor").Mark();
    out.Mark().Text("storage").Global("torch", "FloatStorage").Text("9").Text("cpu").Int(elements);
    out.Ints(std::vector<int64_t>{9, begin, size}).Tuple().Persistent();
    out.Int(0).Ints(std::vector<int64_t>{2}).Ints(std::vector<int64_t>{1});
    return out.Tuple().Call().Raw("s").Finish();
  }

  std::string Bytes() const { return magic + protocol + system + object + keys + record; }
};

Checkpoint Read(const std::string& bytes) {
  return ReadTorchLegacy(MemorySource("test", std::as_bytes(std::span(bytes))), {});
}

std::string Refusal(const LegacyFile& file) {
  try {
    Read(file.Bytes());
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
    return error.what();
  }
  return "";
}

TEST(TorchLegacy, ReadsAPartOfAStorage) {
  const Checkpoint checkpoint = Read(LegacyFile().Bytes());
  const Tensor& w = checkpoint.tensors.At("w");
  EXPECT_EQ(std::vector<float>(w.floats().begin(), w.floats().end()),
            (std::vector<float>{1.0f, 2.0f}));
}

TEST(TorchLegacy, RefusesPartsOutsideTheirStorage) {
  LegacyFile file;
  for (const auto& object : {LegacyFile::Object(4, 3, 2), LegacyFile::Object(4, -1, 2),
                             LegacyFile::Object(4, 0, 5), LegacyFile::Object(4, INT64_MAX, 2)}) {
    file.object = object;
    EXPECT_NE(Refusal(file).find("outside"), std::string::npos);
  }
  file.object = LegacyFile::Object(4, 1, 1);
  EXPECT_NE(Refusal(file).find("leaves"), std::string::npos);
}

TEST(TorchLegacy, EveryPartIsChecked) {
  const auto with = [](std::string LegacyFile::*part, std::string bytes) {
    LegacyFile file;
    file.*part = std::move(bytes);
    return Refusal(file);
  };
  EXPECT_NE(with(&LegacyFile::magic, PickleWriter().Int(7).Finish()).find("magic"),
            std::string::npos);
  EXPECT_NE(with(&LegacyFile::protocol, PickleWriter().Int(1002).Finish()).find("1001"),
            std::string::npos);
  EXPECT_NE(with(&LegacyFile::system, PickleWriter().None().Finish()).find("system"),
            std::string::npos);
  EXPECT_NE(with(&LegacyFile::system, PickleWriter().EmptyDict().Finish()).find("byte order"),
            std::string::npos);
  EXPECT_NE(with(&LegacyFile::keys, PickleWriter().None().Finish()).find("list"),
            std::string::npos);
  EXPECT_NE(with(&LegacyFile::keys, PickleWriter().EmptyList().Int(9).Raw("a").Finish())
                .find("nothing uses"),
            std::string::npos);
  EXPECT_NE(with(&LegacyFile::keys, PickleWriter().EmptyList().Text("8").Raw("a").Finish())
                .find("nothing uses"),
            std::string::npos);
  LegacyFile twice;
  twice.keys = PickleWriter().EmptyList().Text("9").Raw("a").Text("9").Raw("a").Finish();
  twice.record += twice.record;
  EXPECT_NE(Refusal(twice).find("twice"), std::string::npos);
  LegacyFile none;
  none.keys = PickleWriter().EmptyList().Finish();
  none.record = "";
  EXPECT_NE(Refusal(none).find("no 16 bytes"), std::string::npos);
  LegacyFile other;
  other.record[0] = 5;
  EXPECT_NE(Refusal(other).find("has 5 elements, not 4"), std::string::npos);
  LegacyFile longer;
  longer.record += "x";
  EXPECT_NE(Refusal(longer).find("1 bytes too many"), std::string::npos);
}

TEST(PickleFile, SaysWhatItHolds) {
  const std::string bytes = "cposix\nsystem\n(X\x02\0\0\0lstR."s;
  const Checkpoint checkpoint =
      ReadPickleFile(MemorySource("test", std::as_bytes(std::span(bytes))), {});
  EXPECT_TRUE(checkpoint.tensors.empty());
  EXPECT_EQ(checkpoint.opaque, std::vector<std::string>{"posix.system"});
}

TEST(PickleFile, HasNoPlaceForTensors) {
  const std::string bytes = LegacyFile().object;
  EXPECT_THROW(ReadPickleFile(MemorySource("test", std::as_bytes(std::span(bytes))), {}), Error);
}

}  // namespace
}  // namespace gan::core
