#include "data/data_testing.h"

#include <fmt/format.h>
#include <zlib.h>

namespace gan::core {
namespace {

std::string BigEndian(int64_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
  return out;
}

}  // namespace

std::string IdxPictures(int64_t count, int64_t height, int64_t width) {
  std::string out = std::string("\0\0\x08\x03", 4);
  out += BigEndian(count) + BigEndian(height) + BigEndian(width);
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t p = 0; p < height * width; ++p) out += static_cast<char>((i + p) & 0xFF);
  }
  return out;
}

std::string IdxLabels(int64_t count, int64_t classes) {
  std::string out = std::string("\0\0\x08\x01", 4) + BigEndian(count);
  for (int64_t i = 0; i < count; ++i) out += static_cast<char>(i % classes);
  return out;
}

std::string Gzipped(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in = bytes, out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Npy(std::string_view descr, std::string_view shape, std::string_view data) {
  const std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}\n", descr, shape);
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size() & 0xFF);
  out += static_cast<char>(header.size() >> 8);
  return out + header + std::string(data);
}

void WriteTestPicture(const std::filesystem::path& path, int64_t channels, int64_t height,
                      int64_t width, int bits) {
  std::filesystem::create_directories(path.parent_path());
  PictureWriteOptions options;
  options.bits = bits;
  WritePicture(path, TestPicture(channels, height, width, bits), options);
}

}  // namespace gan::core
