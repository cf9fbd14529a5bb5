#include "media/picture_metadata.h"

#include <gtest/gtest.h>

#include <string>

#include "media/picture_state.h"
#include "media/picture_testing.h"

namespace gan::core {
namespace {

constexpr const char* kXmp =
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
    "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" dc:source=\"my camera\"/></rdf:RDF></x:xmpmeta>";

std::string Profile(const char* name) {
  VipsBlob* blob = nullptr;
  StartVips();
  EXPECT_EQ(vips_profile_load(name, &blob, nullptr), 0);
  size_t size = 0;
  const char* data = static_cast<const char*>(vips_blob_get(blob, &size));
  std::string bytes(data, size);
  vips_area_unref(VIPS_AREA(blob));
  return bytes;
}

ImagePtr NewImage(int width, int height) {
  StartVips();
  VipsImage* image = nullptr;
  EXPECT_EQ(vips_black(&image, width, height, "bands", 3, nullptr), 0);
  const ImagePtr black(image);
  EXPECT_EQ(vips_copy(black.get(), &image, "interpretation", VIPS_INTERPRETATION_sRGB, "xres",
                      300 / 25.4, "yres", 300 / 25.4, nullptr),
            0);
  return ImagePtr(image);
}

void Set(VipsImage* image, const char* field, const std::string& bytes) {
  vips_image_set_blob_copy(image, field, bytes.data(), bytes.size());
}

// A picture with everything, lying on its side.
std::filesystem::path SaveSource(const TemporaryFolder& folder, const std::string& extension) {
  const ImagePtr image = NewImage(30, 20);
  Set(image.get(), VIPS_META_ICC_NAME, Profile("p3"));
  Set(image.get(), VIPS_META_XMP_NAME, kXmp);
  vips_image_set_string(image.get(), "exif-ifd0-Make", "Acme (Acme, ASCII, 5 components, 5 bytes)");
  vips_image_set_string(image.get(), "exif-ifd2-UserComment",
                        "hello (hello, Undefined, 5 components, 5 bytes)");
  vips_image_set_int(image.get(), VIPS_META_ORIENTATION, 6);
  // Only JPEG's writer makes EXIF out of these; the others want the block.
  const auto first = folder / "first.jpg";
  EXPECT_EQ(vips_jpegsave(image.get(), first.c_str(), nullptr), 0);
  VipsImage* loaded = nullptr;
  EXPECT_EQ(vips_jpegload(first.c_str(), &loaded, nullptr), 0);
  const ImagePtr with_exif(loaded);
  const void* data = nullptr;
  size_t size = 0;
  EXPECT_EQ(vips_image_get_blob(loaded, VIPS_META_EXIF_NAME, &data, &size), 0);
  vips_image_set_blob_copy(image.get(), VIPS_META_EXIF_NAME, data, size);
  std::filesystem::path path = folder / ("source" + extension);
  EXPECT_EQ(vips_image_write_to_file(image.get(), path.c_str(), nullptr), 0) << TakeVipsError();
  return path;
}

void Copy(const std::filesystem::path& from, const std::filesystem::path& to,
          const PictureWriteOptions& options) {
  PictureReader reader(from);
  const auto rows = [&](int64_t, int64_t count, const TensorView& out) {
    reader.ReadRows(count, out);
  };
  WritePicture(to, reader.info(), rows, &reader, options);
}

std::string Text(const PictureReader& reader, const char* field) {
  VipsImage* image = reader.state().image.get();
  const char* text = nullptr;
  if (vips_image_get_typeof(image, field) == 0) return "";
  EXPECT_EQ(vips_image_get_string(image, field, &text), 0);
  return text;
}

std::string Bytes(const PictureReader& reader, const char* field) {
  VipsImage* image = reader.state().image.get();
  const void* data = nullptr;
  size_t size = 0;
  if (vips_image_get_typeof(image, field) == 0) return "";
  EXPECT_EQ(vips_image_get_blob(image, field, &data, &size), 0);
  return {static_cast<const char*>(data), size};
}

class Metadata : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Metadata, IsCarriedOver) {
  const auto& [from, to] = GetParam();
  const TemporaryFolder folder;
  const auto source = SaveSource(folder, from);
  const auto target = folder / (std::string("target") + to);
  PictureWriteOptions options;
  options.width = 45;
  options.provenance = Provenance::kEnlarged;
  Copy(source, target, options);

  const PictureReader reader(target);

  EXPECT_EQ(reader.info().width, 45);
  EXPECT_EQ(reader.info().height, 68);
  EXPECT_EQ(reader.info().orientation, 1);
  EXPECT_EQ(Bytes(reader, VIPS_META_ICC_NAME), Profile("p3"));
  const std::string xmp = Bytes(reader, VIPS_META_XMP_NAME);
  EXPECT_NE(xmp.find("my camera"), std::string::npos);
  EXPECT_NE(xmp.find("/compositeWithTrainedAlgorithmicMedia"), std::string::npos);
  // libvips reads the resolution of a WebP from its EXIF only once that is asked for.
  if (reader.info().format != PictureFormat::kWebp) {
    EXPECT_NEAR(reader.state().image->Xres, 300 / 25.4, 0.1);
  }
  // libvips neither reads nor writes EXIF in TIFF.
  if (std::string_view(from) == ".tif" || std::string_view(to) == ".tif") return;
  EXPECT_TRUE(reader.info().has_exif);
  EXPECT_TRUE(Text(reader, "exif-ifd0-Make").starts_with("Acme"));
  EXPECT_TRUE(Text(reader, "exif-ifd2-UserComment").starts_with("hello"));
  EXPECT_TRUE(Text(reader, "exif-ifd0-Orientation").starts_with("1"));
  EXPECT_TRUE(Text(reader, "exif-ifd2-PixelXDimension").starts_with("45"));
  EXPECT_TRUE(Text(reader, "exif-ifd2-PixelYDimension").starts_with("68"));
}

using Formats = std::pair<const char*, const char*>;
INSTANTIATE_TEST_SUITE_P(All, Metadata,
                         testing::Values(Formats{".jpg", ".jpg"}, Formats{".jpg", ".png"},
                                         Formats{".jpg", ".webp"}, Formats{".jpg", ".tif"},
                                         Formats{".png", ".jpg"}, Formats{".png", ".png"},
                                         Formats{".webp", ".jpg"}, Formats{".webp", ".webp"},
                                         Formats{".tif", ".tif"}, Formats{".tif", ".png"}),
                         [](const auto& test) {
                           return std::string(test.param.first).substr(1) + "_" +
                                  std::string(test.param.second).substr(1);
                         });

TEST(Metadata, ResolutionWithoutAUnitIsNone) {
  const TemporaryFolder folder;
  const ImagePtr image = NewImage(8, 8);
  vips_image_set_string(image.get(), VIPS_META_RESOLUTION_UNIT, "none");
  ASSERT_EQ(vips_jpegsave(image.get(), (folder / "a.jpg").c_str(), nullptr), 0);
  Copy(folder / "a.jpg", folder / "b.png", {});
  EXPECT_NEAR(PictureReader(folder / "b.png").state().image->Xres, 72 / 25.4, 0.01);
}

TEST(Metadata, StrippingKeepsTheProfileAndTheProvenance) {
  const TemporaryFolder folder;
  PictureWriteOptions options;
  options.strip_metadata = true;
  options.provenance = Provenance::kEnlarged;
  Copy(SaveSource(folder, ".jpg"), folder / "a.jpg", options);
  const PictureReader reader(folder / "a.jpg");
  EXPECT_EQ(Bytes(reader, VIPS_META_ICC_NAME), Profile("p3"));
  EXPECT_EQ(Text(reader, "exif-ifd0-Make"), "");
  const std::string xmp = Bytes(reader, VIPS_META_XMP_NAME);
  EXPECT_EQ(xmp.find("my camera"), std::string::npos);
  EXPECT_NE(xmp.find("/compositeWithTrainedAlgorithmicMedia"), std::string::npos);
}

TEST(Metadata, WithoutProvenanceXmpIsAsItWas) {
  const TemporaryFolder folder;
  Copy(SaveSource(folder, ".jpg"), folder / "a.png", {});
  EXPECT_EQ(Bytes(PictureReader(folder / "a.png"), VIPS_META_XMP_NAME), kXmp);
  WritePicture(folder / "b.png", TestPicture(3, 4, 4));
  EXPECT_FALSE(PictureReader(folder / "b.png").info().has_xmp);
}

TEST(Metadata, SampledPicturesSaySo) {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.jpg", "a.webp", "a.tif"}) {
    PictureWriteOptions options;
    options.provenance = Provenance::kSampled;
    WritePicture(folder / name, TestPicture(3, 4, 4), options);
    const PictureReader reader(folder / name);
    EXPECT_NE(Bytes(reader, VIPS_META_XMP_NAME).find("/trainedAlgorithmicMedia"), std::string::npos)
        << name;
  }
}

TEST(Metadata, ProfileOfAnotherNumberOfColoursIsLeftOut) {
  const TemporaryFolder folder;
  const auto source = SaveSource(folder, ".jpg");
  PictureReader reader(source);
  PictureInfo grey = reader.info();
  grey.colours = 1;
  const auto rows = [](int64_t, int64_t, const TensorView& out) {
    std::fill_n(Floats(out), out.shape.elements(), 0.5f);
  };
  WritePicture(folder / "a.jpg", grey, rows, &reader, {});
  EXPECT_FALSE(PictureReader(folder / "a.jpg").info().has_icc);
}

TEST(Metadata, PacketsTooLargeForJpegAreLeftOutButTheProvenance) {
  const TemporaryFolder folder;
  const ImagePtr image = NewImage(4, 4);
  const std::string large =
      std::string(kXmp).replace(std::string(kXmp).find("my camera"), 9, std::string(70000, 'x'));
  Set(image.get(), VIPS_META_XMP_NAME, large);
  ASSERT_EQ(vips_pngsave(image.get(), (folder / "a.png").c_str(), nullptr), 0);
  PictureWriteOptions options;
  options.provenance = Provenance::kEnlarged;
  Copy(folder / "a.png", folder / "b.jpg", options);
  const std::string xmp = Bytes(PictureReader(folder / "b.jpg"), VIPS_META_XMP_NAME);
  EXPECT_NE(xmp.find("/compositeWithTrainedAlgorithmicMedia"), std::string::npos);
  EXPECT_LT(xmp.size(), 2000u);
  Copy(folder / "a.png", folder / "c.png", options);
  EXPECT_GT(Bytes(PictureReader(folder / "c.png"), VIPS_META_XMP_NAME).size(), 70000u);
}

TEST(Metadata, BrokenExifDoesNotStopAPicture) {
  const TemporaryFolder folder;
  const auto source = SaveSource(folder, ".jpg");
  std::string bytes = FileBytes(source);
  const size_t exif = bytes.find("Exif");
  ASSERT_NE(exif, std::string::npos);
  for (size_t i = 0; i < 60; ++i) {
    std::string changed = bytes;
    for (size_t k = 0; k < 4; ++k) changed[exif + 14 + i + k] = '\xFF';
    WriteBytes(folder / "broken.jpg", changed);
    EXPECT_EQ(CodeOf([&] { Copy(folder / "broken.jpg", folder / "a.png", {}); }), 0) << i;
  }
}

}  // namespace
}  // namespace gan::core
