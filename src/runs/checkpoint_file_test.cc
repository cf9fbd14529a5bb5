#include "runs/checkpoint_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include "base/random.h"
#include "formats/checkpoint.h"
#include "gan/error.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class CheckpointFile : public ::testing::Test {
 protected:
  CheckpointFile()
      : folder_(fs::temp_directory_path() / ("gan_checkpoint_test." + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~CheckpointFile() override { fs::remove_all(folder_); }

  std::string Written() const {
    std::ifstream in(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  fs::path path() const { return folder_ / "000000100.safetensors"; }

  fs::path folder_;
};

NamedTensors SomeTensors() {
  Random random(3);
  NamedTensors out;
  Tensor weight(DType::kF32, Shape{4, 9});
  random.FillNormal(weight.floats());
  weight.floats()[5] = std::numeric_limits<float>::infinity();
  out.Add("generator.conv.weight", weight);
  out.Add("random", Tensor::Zeros(DType::kU8, Shape{7}));
  out.Add("a name with \"gan.hash\":\"0000", Tensor::Zeros(DType::kI64, Shape{}));
  return out;
}

// What the state may well hold: text that looks like the key that is searched for.
constexpr std::string_view kState =
    R"({"images":100,"\"gan.hash\":\"":"\"gan.hash\":\"00000000000000000000000000000000\""})";

// Empty when the bytes were taken.
std::string Refusal(const std::string& bytes) {
  try {
    ReadRunCheckpoint(MemorySource("file", std::as_bytes(std::span(bytes))));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData) << error.what();
    return error.what();
  }
  return "";
}

TEST_F(CheckpointFile, ReadsBackWhatWasWritten) {
  WriteRunCheckpoint(path(), SomeTensors(), kState);
  const std::string first = Written();
  const RunCheckpoint back = ReadRunCheckpoint(path());
  EXPECT_EQ(back.state, kState);
  const NamedTensors wanted = SomeTensors();
  ASSERT_EQ(back.tensors.size(), wanted.size());
  for (const auto& [name, tensor] : wanted) {
    EXPECT_EQ(back.tensors.At(name).shape(), tensor.shape());
    EXPECT_TRUE(std::ranges::equal(back.tensors.At(name).raw(), tensor.raw())) << name;
  }
  WriteRunCheckpoint(path(), back.tensors, back.state);
  EXPECT_EQ(Written(), first);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "leftovers";
}

TEST_F(CheckpointFile, IsAnOrdinarySafetensorsFile) {
  WriteRunCheckpoint(path(), SomeTensors(), kState);
  ReadOptions options;
  options.allow_non_finite = true;
  const Checkpoint checkpoint = ReadCheckpoint(path(), options);
  EXPECT_EQ(checkpoint.format, "safetensors");
  EXPECT_EQ(checkpoint.metadata.at("gan.state"), kState);
  EXPECT_EQ(checkpoint.metadata.at("gan.hash").size(), 32u);
  EXPECT_EQ(checkpoint.tensors.size(), 3u);
}

TEST_F(CheckpointFile, EveryFlippedBitIsNoticed) {
  WriteRunCheckpoint(path(), SomeTensors(), kState);
  const std::string good = Written();
  ASSERT_EQ(Refusal(good), "");
  // More than 500 at random: all of them.
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(Refusal(bytes), "") << "bit " << bit;
  }
}

TEST_F(CheckpointFile, EveryCutAndEveryAdditionIsNoticed) {
  WriteRunCheckpoint(path(), SomeTensors(), kState);
  const std::string good = Written();
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_NE(Refusal(good.substr(0, size)), "") << size;
  }
  EXPECT_NE(Refusal(good + '\0'), "");
  EXPECT_NE(Refusal(good + good), "");
}

TEST_F(CheckpointFile, LargerFilesNoticeFlippedBitsToo) {
  NamedTensors tensors;
  Tensor weight(DType::kF32, Shape{64, 1024});
  Random random(8);
  random.FillNormal(weight.floats());
  tensors.Add("weight", weight);
  WriteRunCheckpoint(path(), tensors, "{}");
  const std::string good = Written();
  for (int i = 0; i < 500; ++i) {
    std::string bytes = good;
    const uint64_t bit = random.Below(good.size() * 8);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(Refusal(bytes), "") << "bit " << bit;
  }
}

TEST_F(CheckpointFile, OtherFilesAreRefused) {
  EXPECT_NE(Refusal(""), "");
  EXPECT_NE(Refusal("hello"), "");
  EXPECT_NE(Refusal(std::string(100, '\xff')), "");
  const std::string header = "{\"__metadata__\":{\"format\":\"pt\"}}";
  std::string plain(8, '\0');
  plain[0] = static_cast<char>(header.size());
  EXPECT_NE(Refusal(plain + header).find("has no \"gan.hash\""), std::string::npos);
}

TEST_F(CheckpointFile, DiskFullLeavesNothing) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
  try {
    WriteRunCheckpoint("/dev/full", SomeTensors(), kState);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kIo);
  }
}

}  // namespace
}  // namespace gan::core
