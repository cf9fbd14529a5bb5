#include "formats/detect.h"

#include <gtest/gtest.h>

#include <string>

#include "formats/checkpoint.h"
#include "formats/testing/torch_writer.h"
#include "gan/error.h"

namespace gan::core {
namespace {

using namespace std::string_literals;

FileFormat Detect(const std::string& bytes) {
  return DetectFormat(MemorySource("test", std::as_bytes(std::span(bytes))));
}

NamedTensors One() {
  NamedTensors out;
  out.Add("w", Tensor::Zeros(DType::kF32, Shape{1}));
  return out;
}

TEST(Detect, KnowsWhatIsRead) {
  testing::TorchWriteOptions legacy;
  legacy.legacy = true;
  EXPECT_EQ(Detect(testing::TorchBytes(One())), FileFormat::kZip);
  EXPECT_EQ(Detect(testing::TorchBytes(One(), legacy)), FileFormat::kTorchLegacy);
  EXPECT_EQ(Detect("\x02\0\0\0\0\0\0\0{}"s), FileFormat::kSafetensors);
  EXPECT_EQ(Detect("7767517\n3 3\n"), FileFormat::kNcnnParam);
  EXPECT_EQ(Detect("7767517\r\n3 3\r\n"), FileFormat::kNcnnParam);
  EXPECT_EQ(Detect("\x93NUMPY\x01\0"s), FileFormat::kNpy);
  EXPECT_EQ(Detect("\x80\x04N."), FileFormat::kPickle);
  EXPECT_EQ(Detect("cos\nsystem\n)R."), FileFormat::kPickle);
}

TEST(Detect, NamesWhatIsNot) {
  const std::pair<std::string, const char*> files[] = {
      {"", "empty"},
      {"hello, world", "unknown"},
      {"\x1f\x8b\x08", "gzip"},
      {"7z\xbc\xaf\x27\x1c", "7z"},
      {std::string(257, '\0') + "ustar\0"s, "tar"},
      {"\x89HDF\r\n\x1a\n", "HDF5"},
      {"\x08\x07\x12\x07pytorch", "ONNX"},
      {"\x89PNG\r\n\x1a\n", "PNG"},
      {"\xff\xd8\xff\xe0", "JPEG"},
      {"<!DOCTYPE html>", "web page"},
      {"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"},
      {"PK\x05\x06" + std::string(18, '\0'), "zip"},
  };
  for (const auto& [bytes, word] : files) {
    try {
      ReadCheckpoint(MemorySource("test", std::as_bytes(std::span(bytes))));
      ADD_FAILURE() << word << " was read";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
    }
  }
}

TEST(Detect, EveryFormatHasADescription) {
  for (int i = 0; i <= static_cast<int>(FileFormat::kUnknown); ++i) {
    EXPECT_NE(Describe(static_cast<FileFormat>(i)), "");
  }
}

}  // namespace
}  // namespace gan::core
