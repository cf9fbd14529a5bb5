#include "formats/safetensors.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/random.h"
#include "formats/safetensors_header.h"
#include "gan/error.h"

namespace gan::core {
namespace {

std::string File(const std::string& header, size_t data_bytes) {
  const uint64_t length = header.size();
  std::string out(reinterpret_cast<const char*>(&length), sizeof length);
  return out + header + std::string(data_bytes, '\0');
}

Checkpoint Read(const std::string& bytes) {
  return ReadCheckpoint(MemorySource("test", std::as_bytes(std::span(bytes))));
}

// The message of the error, which must be kBadData; empty when there is none.
std::string Refusal(const std::string& bytes) {
  try {
    Read(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
    return error.what();
  }
  return "";
}

NamedTensors SomeTensors() {
  Random random(7);
  NamedTensors out;
  Tensor small(DType::kU8, Shape{3});
  small.raw()[0] = std::byte{9};
  small.raw()[1] = small.raw()[2] = std::byte{1};
  out.Add("flags", small);
  Tensor weight(DType::kF32, Shape{2, 3});
  random.FillNormal(weight.floats());
  out.Add("conv.weight \"quoted\" \xc3\xa9", weight);
  out.Add("scalar", Tensor::FromFloats(Shape{}, std::vector<float>{2.5f}));
  out.Add("empty", Tensor(DType::kF16, Shape{0, 4}));
  out.Add("steps", Tensor::Zeros(DType::kI64, Shape{1}));
  return out;
}

std::string Slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Safetensors, RoundTripsInOrderWithTheSameBytes) {
  const auto path = std::filesystem::temp_directory_path() / "gan_safetensors_test.safetensors";
  const NamedTensors tensors = SomeTensors();
  WriteSafetensors(path, tensors, {{"family", "esrgan"}});
  const std::string first = Slurp(path);
  const Checkpoint back = ReadCheckpoint(path);
  WriteSafetensors(path, back.tensors, back.metadata);
  EXPECT_EQ(Slurp(path), first);
  std::filesystem::remove(path);
  EXPECT_EQ(back.format, "safetensors");
  EXPECT_EQ(back.metadata,
            (std::map<std::string, std::string>{{"family", "esrgan"}, {"format", "pt"}}));
  ASSERT_EQ(back.tensors.size(), tensors.size());
  auto wanted = tensors.begin();
  for (const auto& [name, tensor] : back.tensors) {
    EXPECT_EQ(name, wanted->first);
    EXPECT_EQ(tensor.dtype(), wanted->second.dtype());
    EXPECT_EQ(tensor.shape(), wanted->second.shape());
    EXPECT_TRUE(std::ranges::equal(tensor.raw(), wanted->second.raw()));
    ++wanted;
  }
  // 8 bytes of i64, 28 of f32, 3 of u8 stand in that order after an aligned header.
  EXPECT_EQ(first.size() % 8, 7u);
}

TEST(Safetensors, RefusesEveryTruncation) {
  const std::string good = File(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8);
  EXPECT_EQ(Refusal(good), "");
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_NE(Refusal(good.substr(0, size)), "") << size;
  }
  EXPECT_NE(Refusal(good + "x"), "");
}

TEST(Safetensors, RefusesWhatTheFormatForbids) {
  const std::string a = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  const std::pair<std::string, const char*> cases[] = {
      {"{" + a + "," + a + "}", "twice"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})", "hole"},
      {"{" + a + R"(,"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", "overlap"},
      {R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}})", "fill"},
      {R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[12,0]}})", "fill"},
      {R"({"a":{"dtype":"F8_E4M3","shape":[16],"data_offsets":[0,16]}})", "not supported"},
      {R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,16]}})", "many"},
      {R"({"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,16]}})", "fill"},
      {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,16]}})", "negative"},
      {R"({"a":{"dtype":"F32","shape":[4.5],"data_offsets":[0,16]}})", "fraction"},
      {R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,4],"data_offsets":[0,16]}})", "axes"},
      {R"({"a":{"dtype":"F32","dtype":"F32","shape":[4],"data_offsets":[0,16]}})", "belongs"},
      {R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16],"x":[1]}})", "belongs"},
      {R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16,3]}})", "two"},
      {R"({"a":{"dtype":"F32","shape":[4]}})", "wants"},
      {R"({"a":3})", "number"},
      {R"({"a":[3]})", "array"},
      {R"({"__metadata__":{"a":{}}})", "object"},
      {R"({"__metadata__":{"a":"b","a":"c"}})", "twice"},
      {R"({"":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})", "without a name"},
      {"{\"\xff\":{}}", "JSON"},
      {"{" + a + "} x", "JSON"},
      {"{" + a, "JSON"},
      {"{}", "16 bytes"},
  };
  for (const auto& [header, word] : cases) {
    EXPECT_NE(Refusal(File(header, 16)).find(word), std::string::npos)
        << header << ": " << Refusal(File(header, 16));
  }
}

TEST(Safetensors, NestingNeedsNoStack) {
  EXPECT_NE(Refusal(File("{\"a\":{\"shape\":" + std::string(1 << 20, '['), 0)), "");
  EXPECT_NE(Refusal(File("{\"a\":{\"shape\":[[[1]]]}}", 0)), "");
}

TEST(Safetensors, RefusesHeadersAndNamesPastTheLimits) {
  const std::string long_name(513, 'n');
  EXPECT_NE(
      Refusal(File("{\"" + long_name + R"(":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", 4)),
      "");
  NamedTensors tensors;
  tensors.Add(long_name, Tensor::Zeros(DType::kF32, Shape{1}));
  EXPECT_THROW(WriteSafetensors("/tmp/never_written.safetensors", tensors), Error);
  EXPECT_FALSE(std::filesystem::exists("/tmp/never_written.safetensors"));
  ReadOptions options;
  options.limits.safetensors_header = 10;
  const std::string good = File(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", 4);
  EXPECT_THROW(ReadCheckpoint(MemorySource("test", std::as_bytes(std::span(good))), options),
               Error);
}

TEST(Safetensors, RefusesNonFiniteWeightsUnlessAllowed) {
  std::string bytes = File(R"({"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}})", 4);
  bytes.replace(bytes.size() - 2, 2, "\x80\x7f");  // infinity
  EXPECT_NE(Refusal(bytes).find("1 of 2"), std::string::npos);
  ReadOptions options;
  options.allow_non_finite = true;
  EXPECT_EQ(
      ReadCheckpoint(MemorySource("test", std::as_bytes(std::span(bytes))), options).non_finite,
      1u);
}

}  // namespace
}  // namespace gan::core
