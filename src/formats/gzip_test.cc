#include "formats/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <span>
#include <string>

#include "base/random.h"
#include "gan/error.h"

namespace gan::core {
namespace {

std::string Deflated(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Inflated(const std::string& bytes, const Limits& limits = {}) {
  const auto out = InflateGzip(MemorySource("test", std::as_bytes(std::span(bytes))), limits);
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

bool IsRefused(const std::string& bytes, const Limits& limits = {}) {
  try {
    Inflated(bytes, limits);
  } catch (const Error& error) {
    return error.code() == ErrorCode::kBadData;
  }
  return false;
}

std::string Noise(size_t size) {
  Random random(3);
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random.Next());
  return out;
}

TEST(Gzip, Inflates) {
  for (const size_t size : {0, 1, 65'535, 65'536, 65'537, 300'000}) {
    const std::string text = Noise(size);
    EXPECT_EQ(Inflated(Deflated(text)), text) << size;
  }
}

TEST(Gzip, RefusesBrokenFiles) {
  const std::string good = Deflated(Noise(1000));
  EXPECT_TRUE(IsRefused(""));
  EXPECT_TRUE(IsRefused("no gzip"));
  EXPECT_TRUE(IsRefused(good + "x"));
  for (size_t size = 0; size < good.size(); size += 7) EXPECT_TRUE(IsRefused(good.substr(0, size)));
  std::string flipped = good;
  flipped[flipped.size() / 2] ^= 1;
  EXPECT_TRUE(IsRefused(flipped));
}

TEST(Gzip, RefusesBombs) {
  const std::string zeros = Deflated(std::string(4 << 20, '\0'));
  EXPECT_TRUE(IsRefused(zeros));  // a thousandfold
  Limits small;
  small.inflated_bytes = 1000;
  EXPECT_TRUE(IsRefused(Deflated(Noise(200'000)), small));
}

}  // namespace
}  // namespace gan::core
