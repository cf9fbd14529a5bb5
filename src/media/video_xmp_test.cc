#include "media/video_xmp.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>
#include <iterator>

#include "base/error.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

class VideoXmp : public testing::Test {
 protected:
  ~VideoXmp() override { fs::remove(path_); }

  std::string With(VideoFormat format, const std::string& before) {
    std::ofstream(path_, std::ios::binary) << before;
    AddXmp(format, path_, "<packet/>", "file");
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const fs::path path_ = fs::temp_directory_path() / fmt::format("gan_video_xmp_{}", getpid());
};

TEST_F(VideoXmp, EndsAnMp4) {
  EXPECT_EQ(With(VideoFormat::kMp4, "boxes"),
            "boxes\0\0\0\x21uuid\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac"
            "<packet/>"s);
}

const std::string kHeader = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR-size and a sum--"s;

TEST_F(VideoXmp, StandsBehindThePngsHeader) {
  ASSERT_EQ(kHeader.size(), 33u);
  const std::string content = "iTXtXML:com.adobe.xmp\0\0\0\0\0<packet/>"s;
  const uLong sum =
      crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
  std::string bytes(4, '\0');
  for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(sum >> (24 - 8 * i));
  // More than is moved at a time.
  std::string rest(200'000, '\0');
  for (size_t i = 0; i < rest.size(); ++i) rest[i] = static_cast<char>(i * 7919 >> 5);
  for (const std::string& behind : {rest, rest.substr(0, 65'536), "x"s, ""s}) {
    EXPECT_TRUE(With(VideoFormat::kApng, kHeader + behind) ==
                kHeader + "\0\0\0\x1f"s + content + bytes + behind);
  }
}

TEST_F(VideoXmp, RefusesWhatBeginsOtherwise) {
  EXPECT_THROW(With(VideoFormat::kApng, "no picture, but of some length all the same"), Error);
  EXPECT_THROW(With(VideoFormat::kApng, "x"), Error);
  EXPECT_THROW(AddXmp(VideoFormat::kMp4, path_ / "none", "", "file"), Error);
}

}  // namespace
}  // namespace gan::core
