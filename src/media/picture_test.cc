#include "media/picture.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "media/picture_testing.h"

namespace gan::core {
namespace {

TEST(PictureFormat, ByExtension) {
  EXPECT_EQ(FormatFromExtension("a/b.PNG"), PictureFormat::kPng);
  EXPECT_EQ(FormatFromExtension("b.jpg"), PictureFormat::kJpeg);
  EXPECT_EQ(FormatFromExtension("b.x.Jpeg"), PictureFormat::kJpeg);
  EXPECT_EQ(FormatFromExtension("b.webp"), PictureFormat::kWebp);
  EXPECT_EQ(FormatFromExtension("b.tif"), PictureFormat::kTiff);
  EXPECT_EQ(FormatFromExtension("b.TIFF"), PictureFormat::kTiff);
  for (const char* name : {"b.gif", "b", "b.", ".png", "png", "b.png\n"}) {
    EXPECT_EQ(CodeOf([&] { FormatFromExtension(name); }, "extension"), 64) << name;
  }
}

// extension, bits asked for, channels
class RoundTrip : public testing::TestWithParam<std::tuple<std::string, int, int>> {};

TEST_P(RoundTrip, KeepsPixelsAndTheirKind) {
  const auto& [extension, bits, channels] = GetParam();
  const TemporaryFolder folder;
  const auto path = folder / ("a" + extension);
  const bool jpeg = extension == ".jpg";
  const bool shallow = jpeg || extension == ".webp";
  const Tensor picture = TestPicture(channels, 45, 37, shallow ? 8 : bits);
  PictureWriteOptions options;
  options.quality = 100;
  options.webp_lossless = true;
  WritePicture(path, InfoOf(picture, bits), RowsOf(picture), nullptr, options);
  EXPECT_EQ(folder.files(), 1u);

  const PictureReader reader(path);
  const PictureInfo& info = reader.info();
  EXPECT_EQ(NameOf(info.format), NameOf(FormatFromExtension(path)));
  EXPECT_EQ(info.width, 37);
  EXPECT_EQ(info.height, 45);
  EXPECT_EQ(info.bits, shallow ? 8 : bits);
  EXPECT_EQ(info.orientation, 1);
  // WebP knows no grey; JPEG no alpha.
  EXPECT_EQ(info.colours, extension == ".webp" || channels > 2 ? 3 : 1);
  EXPECT_EQ(info.has_alpha, !jpeg && channels % 2 == 0);
  const Tensor back = ReadPicture(path);
  for (int64_t c = 0; c < info.channels(); ++c) {
    const bool alpha = info.has_alpha && c == info.colours;
    const int64_t from = alpha ? channels - 1 : channels < 3 ? 0 : c;
    if (jpeg && channels % 2 == 0) continue;  // flattened; see the writer's test
    float largest = 0;
    for (size_t i = 0; i < 45 * 37; ++i) {
      const float a = picture.floats()[static_cast<size_t>(from) * 45 * 37 + i];
      const float b = back.floats()[static_cast<size_t>(c) * 45 * 37 + i];
      largest = std::max(largest, std::fabs(a - b));
    }
    EXPECT_LE(largest, jpeg ? 0.02f : 0.0f) << "channel " << c;
  }
}

INSTANTIATE_TEST_SUITE_P(All, RoundTrip,
                         testing::Combine(testing::Values(".png", ".jpg", ".webp", ".tif"),
                                          testing::Values(8, 16), testing::Values(1, 2, 3, 4)),
                         [](const auto& test) {
                           return std::get<0>(test.param).substr(1) + "_" +
                                  std::to_string(std::get<1>(test.param)) + "_" +
                                  std::to_string(std::get<2>(test.param));
                         });

TEST(Picture, OddSizes) {
  const TemporaryFolder folder;
  for (const auto& [width, height] :
       {std::pair<int64_t, int64_t>{1, 1}, {1, 1000}, {1000, 1}, {3, 1000}, {1000, 3}, {15, 17}}) {
    const Tensor picture = TestPicture(3, height, width);
    for (const char* name : {"a.png", "a.tif", "a.webp", "a.jpg"}) {
      PictureWriteOptions options;
      options.webp_lossless = true;
      options.quality = 100;
      WritePicture(folder / name, picture, options);
      const float difference = LargestDifference(ReadPicture(folder / name), picture);
      EXPECT_LE(difference, name[2] == 'j' ? 0.03f : 0.0f) << name << " " << width << "x" << height;
    }
  }
}

TEST(Picture, NamesThatLibvipsWouldTakeForOptions) {
  const TemporaryFolder folder;
  const Tensor picture = TestPicture(3, 4, 4);
  for (const char* name : {"a[Q=1].png", "a b:c.tif", "[x]", "-.jpg", "%s%n.webp"}) {
    PictureWriteOptions options;
    options.format = std::filesystem::path(name).has_extension()
                         ? FormatFromExtension(folder / name)
                         : PictureFormat::kPng;
    WritePicture(folder / name, picture, options);
    EXPECT_EQ(ReadPicture(folder / name).shape(), picture.shape()) << name;
  }
}

TEST(Picture, Photographs) {
  const std::filesystem::path photos = std::filesystem::path(GAN_SHARED_DIR) / "photos";
  if (!std::filesystem::exists(photos)) GTEST_SKIP() << "needs ../shared/photos, which is not here";
  const TemporaryFolder folder;
  struct Expected {
    const char* name;
    int colours;
    bool has_alpha;
    int bits;
  };
  for (const Expected& expected :
       {Expected{"00017_gray.png", 1, false, 8}, Expected{"wolf_gray.jpg", 1, false, 8},
        Expected{"children-alpha.png", 3, true, 8}, Expected{"tree_alpha_16bit.png", 3, true, 16},
        Expected{"0014.jpg", 3, false, 8}}) {
    PictureReader reader(photos / expected.name);
    const PictureInfo info = reader.info();
    EXPECT_EQ(info.colours, expected.colours) << expected.name;
    EXPECT_EQ(info.has_alpha, expected.has_alpha) << expected.name;
    EXPECT_EQ(info.bits, expected.bits) << expected.name;
    const auto rows = [&](int64_t, int64_t count, const TensorView& out) {
      reader.ReadRows(count, out);
    };
    WritePicture(folder / "copy.png", info, rows, &reader, {});
    EXPECT_EQ(
        LargestDifference(ReadPicture(folder / "copy.png"), ReadPicture(photos / expected.name)), 0)
        << expected.name;
  }
}

}  // namespace
}  // namespace gan::core
