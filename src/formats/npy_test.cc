#include "formats/npy.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "gan/error.h"

namespace gan::core {
namespace {

using namespace std::string_literals;

// A version 1 file with this header and data.
std::string Npy(const std::string& header, const std::string& data) {
  std::string out = "\x93NUMPY\x01\x00"s;
  out += static_cast<char>(header.size() & 0xFF);
  out += static_cast<char>(header.size() >> 8);
  return out + header + data;
}

Tensor Read(const std::string& bytes) {
  return ReadNpy(MemorySource("test", std::as_bytes(std::span(bytes))));
}

ErrorCode CodeOf(const std::string& bytes) {
  try {
    Read(bytes);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode{};
}

const std::string kHeader = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";

TEST(Npy, RoundTripsFloats) {
  for (const Shape& shape : {Shape{}, Shape{3}, Shape{1, 2, 3, 4}, Shape{0, 5}}) {
    Tensor tensor(DType::kF32, shape);
    for (size_t i = 0; i < tensor.floats().size(); ++i) tensor.floats()[i] = 0.5f + i;
    const auto path = std::filesystem::temp_directory_path() / "gan_npy_test.npy";
    WriteNpy(path, tensor);
    EXPECT_EQ((std::filesystem::file_size(path) - tensor.bytes()) % 64, 0u);
    const Tensor back = ReadNpy(path);
    std::filesystem::remove(path);
    EXPECT_EQ(back.shape(), shape);
    EXPECT_TRUE(std::ranges::equal(back.floats(), tensor.floats()));
  }
}

TEST(Npy, WidensUnsignedTypes) {
  const Tensor two = Read(
      Npy("{'descr': '<u2', 'shape': (3,), 'fortran_order': False}", "\xff\xff\x00\x80\x01\0"s));
  ASSERT_EQ(two.dtype(), DType::kI32);
  const Tensor two_floats = two.ToFloat();
  EXPECT_TRUE(std::ranges::equal(two_floats.floats(), std::vector<float>{65535, 32768, 1}));
  const Tensor four =
      Read(Npy("{'descr': '<u4', 'shape': (1,), 'fortran_order': False}", "\0\0\0\x80"s));
  ASSERT_EQ(four.dtype(), DType::kI64);
  EXPECT_EQ(four.ToFloat().floats()[0], 2147483648.0f);
  EXPECT_EQ(CodeOf(Npy("{'descr': '<u2', 'shape': (3,), 'fortran_order': False}", "12345")),
            ErrorCode::kBadData);
}

TEST(Npy, ReadsOtherTypesAndVersions) {
  const Tensor bytes = Read(Npy("{'descr': '|u1', 'shape': (1, 2), 'fortran_order': False}", "ab"));
  EXPECT_EQ(bytes.dtype(), DType::kU8);
  EXPECT_EQ(bytes.shape(), (Shape{1, 2}));
  std::string second = "\x93NUMPY\x02\x00"s;
  second += static_cast<char>(kHeader.size());
  second += "\0\0\0"s + kHeader + std::string(8, '\0');
  EXPECT_EQ(Read(second).shape(), Shape{2});
}

TEST(Npy, TurnsFortranOrderIntoCOrder) {
  // [[0, 1, 2], [3, 4, 5]] with columns first.
  const Tensor tensor = Read(Npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }",
                                 std::string("\0\3\1\4\2\5", 6)));
  for (int i = 0; i < 6; ++i) EXPECT_EQ(std::to_integer<int>(tensor.raw()[i]), i);
}

TEST(Npy, RefusesWhatIsBroken) {
  const std::string good = Npy(kHeader, std::string(8, '\0'));
  EXPECT_EQ(CodeOf(good), ErrorCode{});
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(CodeOf(good.substr(0, size)), ErrorCode::kBadData) << size;
  }
  EXPECT_EQ(CodeOf(good + "x"), ErrorCode::kBadData);
  for (const char* header :
       {"{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 2), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,2), }",
        "{'descr': '<f4', 'fortran_order': False, }",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x", "{'descr: ", "", "{"}) {
    EXPECT_EQ(CodeOf(Npy(header, std::string(8, '\0'))), ErrorCode::kBadData) << header;
  }
}

}  // namespace
}  // namespace gan::core
