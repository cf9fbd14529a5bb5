#include <gtest/gtest.h>

#include <cstdlib>
#include <span>
#include <thread>

#include "media/picture_testing.h"
#include "media/vips_library.h"

namespace gan::core {
namespace {

// 3 x 2 picture whose corners tell where they are, as libvips sees it.
ImagePtr Corners() {
  StartVips();
  static const uint8_t pixels[18] = {10, 10, 10, 20, 20, 20, 30, 30, 30,
                                     40, 40, 40, 50, 50, 50, 60, 60, 60};
  return ImagePtr(
      vips_image_new_from_memory_copy(pixels, sizeof pixels, 3, 2, 3, VIPS_FORMAT_UCHAR));
}

std::vector<int> Levels(const Tensor& picture) {
  std::vector<int> levels;
  for (int64_t i = 0; i < picture.shape()[1] * picture.shape()[2]; ++i) {
    levels.push_back(static_cast<int>(std::lround(picture.floats()[static_cast<size_t>(i)] * 255)));
  }
  return levels;
}

TEST(PictureReader, EveryOrientationIsApplied) {
  const TemporaryFolder folder;
  // Rows as they must come out; EXIF 2.32, 4.6.4 A: where row 0 and column 0 of the file go.
  const std::vector<std::vector<int>> wanted = {{10, 20, 30, 40, 50, 60}, {30, 20, 10, 60, 50, 40},
                                                {60, 50, 40, 30, 20, 10}, {40, 50, 60, 10, 20, 30},
                                                {10, 40, 20, 50, 30, 60}, {40, 10, 50, 20, 60, 30},
                                                {60, 30, 50, 20, 40, 10}, {30, 60, 20, 50, 10, 40}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const ImagePtr image = Corners();
    vips_image_set_int(image.get(), VIPS_META_ORIENTATION, orientation);
    const auto path = folder / "a.tif";
    ASSERT_EQ(vips_tiffsave(image.get(), path.c_str(), nullptr), 0) << TakeVipsError();
    const PictureReader reader(path);
    EXPECT_EQ(reader.info().orientation, orientation);
    EXPECT_EQ(reader.info().width, orientation < 5 ? 3 : 2);
    EXPECT_EQ(reader.info().height, orientation < 5 ? 2 : 3);
    EXPECT_EQ(Levels(ReadPicture(path)), wanted[static_cast<size_t>(orientation) - 1])
        << orientation;
  }
}

// Above 100 MB a turned picture goes through a temporary file.
TEST(PictureReader, WithoutRoomForTheTemporaryFile) {
  const TemporaryFolder folder;
  StartVips();
  VipsImage* made = nullptr;
  ASSERT_EQ(vips_black(&made, 8000, 4500, "bands", 3, nullptr), 0);
  const ImagePtr image(made);
  vips_image_set_int(made, VIPS_META_ORIENTATION, 6);
  const auto path = folder / "a.jpg";
  ASSERT_EQ(vips_jpegsave(made, path.c_str(), nullptr), 0);
  const char* variable = std::getenv("TMPDIR");
  const std::string old = variable ? variable : "";
  setenv("TMPDIR", (folder / "none").c_str(), 1);
  PictureReader reader(path);
  Tensor row(DType::kF32, {3, 1, 4500});
  EXPECT_EQ(CodeOf([&] { reader.ReadRows(1, row.view()); }, "temporary file"), 74);
  if (variable) {
    setenv("TMPDIR", old.c_str(), 1);
  } else {
    unsetenv("TMPDIR");
  }
  PictureReader(path).ReadRows(1, row.view());
}

TEST(PictureReader, RowsInPortionsEqualTheWholeFromAnyThread) {
  const TemporaryFolder folder;
  const Tensor picture = TestPicture(3, 101, 19);
  for (const char* name : {"a.png", "a.jpg", "a.tif", "a.webp"}) {
    WritePicture(folder / name, picture);
    const Tensor whole = ReadPicture(folder / name);
    PictureReader reader(folder / name);
    Tensor out(DType::kF32, {3, 101, 19});
    for (int64_t y = 0, count = 1; y < 101; y += count) {
      count = std::min<int64_t>(101 - y, 1 + (y * 7) % 40);
      EXPECT_EQ(reader.next_row(), y);
      std::thread([&] { reader.ReadRows(count, out.view().Slice(1, y, count)); }).join();
    }
    EXPECT_EQ(LargestDifference(out, whole), 0) << name;
    EXPECT_EQ(CodeOf([&] { reader.ReadRows(1, out.view().Slice(1, 0, 1)); }), 70);
  }
}

TEST(PictureReader, MissingFilesAndFolders) {
  const TemporaryFolder folder;
  EXPECT_EQ(CodeOf([&] { PictureReader(folder / "none.png"); }, "none.png"), 66);
  EXPECT_EQ(CodeOf([&] { PictureReader{folder.path()}; }, "folder"), 65);
  EXPECT_EQ(CodeOf([&] { PictureReader("/dev/null"); }, "device"), 65);
}

TEST(PictureReader, OtherKindsAreNamed) {
  const TemporaryFolder folder;
  const std::pair<std::string, const char*> others[] = {
      {"", "empty"},
      {"GIF89a\1\0\1\0", "GIF"},
      {"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"},
      {"%PDF-1.7\n", "PDF"},
      {std::string("\0\0\0\x18", 4) + "ftypheic____", "HEIC"},
      {"PK\3\4........", "zip"},
      {"just some text", "no picture"},
      {"P6 1 1 255 xyz", "no picture"},
      {"\x89", "no picture"}};
  for (const auto& [bytes, name] : others) {
    WriteBytes(folder / "a.png", bytes);
    EXPECT_EQ(CodeOf([&] { PictureReader(folder / "a.png"); }, name), 65);
  }
}

TEST(PictureReader, ContentDecidesNotTheExtension) {
  const TemporaryFolder folder;
  WritePicture(folder / "a.png", TestPicture(3, 5, 5));
  std::filesystem::rename(folder / "a.png", folder / "a.jpg");
  EXPECT_EQ(PictureReader(folder / "a.jpg").info().format, PictureFormat::kPng);
}

// Large enough that decoders, which read some kilobytes ahead, see a part of it at a time.
Tensor Noise() {
  Tensor picture = TestPicture(3, 120, 190);
  uint32_t state = 1;
  for (float& sample : picture.floats()) {
    state = state * 1664525 + 1013904223;
    sample = 0.5f * sample + static_cast<float>(state >> 8) / 33554432.0f;
  }
  return picture;
}

TEST(PictureReader, TruncatedFilesAreErrors) {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.jpg", "a.tif", "a.webp"}) {
    WritePicture(folder / name, Noise());
    const std::string bytes = FileBytes(folder / name);
    for (size_t percent = 1; percent < 100; percent += 7) {
      WriteBytes(folder / "cut", bytes.substr(0, bytes.size() * percent / 100));
      EXPECT_EQ(CodeOf([&] { ReadPicture(folder / "cut"); }), 65) << name << " " << percent;
    }
  }
}

TEST(PictureReader, LenientReadsWhatThereIs) {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.jpg"}) {
    WritePicture(folder / name, Noise());
    const std::string bytes = FileBytes(folder / name);
    WriteBytes(folder / "cut", bytes.substr(0, bytes.size() / 2));
    PictureReadOptions options;
    options.lenient = true;
    const Tensor part = ReadPicture(folder / "cut", options);
    const Tensor whole = ReadPicture(folder / name);
    ASSERT_EQ(part.shape(), whole.shape());
    const size_t first_rows = 30 * 190;
    EXPECT_TRUE(std::equal(part.floats().begin(), part.floats().begin() + first_rows,
                           whole.floats().begin()))
        << name;
    EXPECT_GT(LargestDifference(part, whole), 0.1f) << name;
  }
}

TEST(PictureReader, ChangedBytesGiveAPictureOrAnError) {
  const TemporaryFolder folder;
  const Tensor picture = TestPicture(3, 40, 50);
  uint32_t state = 1;
  const auto random = [&](size_t below) {
    state = state * 1664525 + 1013904223;
    return static_cast<size_t>(state >> 8) % below;
  };
  for (const char* name : {"a.png", "a.jpg", "a.tif", "a.webp"}) {
    WritePicture(folder / name, picture);
    const std::string bytes = FileBytes(folder / name);
    for (int mutant = 0; mutant < 150; ++mutant) {
      std::string changed = bytes;
      for (size_t i = 0; i <= random(6); ++i) {
        changed[random(mutant % 2 ? std::min<size_t>(200, bytes.size()) : bytes.size())] =
            static_cast<char>(random(256));
      }
      WriteBytes(folder / "mutant", changed);
      PictureReadOptions options;
      options.max_pixels = 1'000'000;
      const int code = CodeOf([&] { ReadPicture(folder / "mutant", options); });
      EXPECT_TRUE(code == 0 || code == 65) << name << " " << mutant << ": " << code;
    }
  }
}

TEST(PictureReader, BombsAreRefusedByTheirHeader) {
  const TemporaryFolder folder;
  WritePicture(folder / "a.png", TestPicture(3, 8, 8));
  PictureReadOptions options;
  options.max_pixels = 63;
  EXPECT_EQ(CodeOf([&] { PictureReader(folder / "a.png", options); }, "8 x 8"), 65);
  options.max_pixels = 64;
  EXPECT_EQ(CodeOf([&] { PictureReader(folder / "a.png", options); }), 0);
  // A header that claims 60,000 x 60,000 pixels; libvips would need its checksum right.
  std::string bytes = FileBytes(folder / "a.png");
  bytes.replace(16, 8, std::string("\0\0\xEA\x60\0\0\xEA\x60", 8));
  WriteBytes(folder / "b.png", bytes);
  EXPECT_EQ(CodeOf([&] { PictureReader(folder / "b.png"); }), 65);
}

TEST(PictureReader, WhatCanOnlyBeDecodedWholeHasALimitOfItsOwn) {
  const TemporaryFolder folder;
  const ImagePtr image = Corners();
  const auto png = folder / "a.png";
  const auto jpeg = folder / "a.jpg";
  const auto webp = folder / "a.webp";
  ASSERT_EQ(vips_pngsave(image.get(), png.c_str(), "interlace", TRUE, nullptr), 0);
  ASSERT_EQ(vips_jpegsave(image.get(), jpeg.c_str(), "interlace", TRUE, nullptr), 0);
  ASSERT_EQ(vips_webpsave(image.get(), webp.c_str(), nullptr), 0);
  PictureReadOptions options;
  options.max_whole_bytes = 17;
  for (const auto& path : {png, jpeg, webp}) {
    EXPECT_EQ(CodeOf([&] { PictureReader(path, options); }, "decoded whole"), 65) << path;
    EXPECT_EQ(ReadPicture(path).shape(), (Shape{3, 2, 3})) << path;
  }
  const auto plain = folder / "b.png";
  ASSERT_EQ(vips_pngsave(image.get(), plain.c_str(), nullptr), 0);
  EXPECT_EQ(CodeOf([&] { ReadPicture(plain, options); }), 0);
}

TEST(PictureReader, UnusualTiffs) {
  const TemporaryFolder folder;
  const auto path = folder / "a.tif";
  const ImagePtr image = Corners();
  const auto save_as = [&](VipsBandFormat format, double scale) {
    VipsImage* scaled = nullptr;
    ASSERT_EQ(vips_linear1(image.get(), &scaled, scale, 0, nullptr), 0);
    const ImagePtr first(scaled);
    VipsImage* cast = nullptr;
    ASSERT_EQ(vips_cast(first.get(), &cast, format, nullptr), 0);
    const ImagePtr second(cast);
    ASSERT_EQ(vips_tiffsave(second.get(), path.c_str(), nullptr), 0) << TakeVipsError();
  };
  save_as(VIPS_FORMAT_FLOAT, 1 / 40.0);  // 0.25 to 1.5
  Tensor picture = ReadPicture(path);
  EXPECT_EQ(PictureReader(path).info().bits, 16);
  EXPECT_FLOAT_EQ(picture.floats()[0], 0.25f);
  EXPECT_FLOAT_EQ(picture.floats()[5], 1.0f);
  save_as(VIPS_FORMAT_UINT, 65536.0 * 256);
  EXPECT_NEAR(ReadPicture(path).floats()[0], 10 / 256.0, 1e-3);
  save_as(VIPS_FORMAT_SHORT, 1);
  EXPECT_EQ(CodeOf([&] { PictureReader reader(path); }, "short"), 65);
}

TEST(PictureReader, CmykAndLabBecomeSrgb) {
  const TemporaryFolder folder;
  const ImagePtr image = Corners();
  VipsImage* out = nullptr;
  ASSERT_EQ(vips_icc_transform(image.get(), &out, "cmyk", "input_profile", "srgb", nullptr), 0);
  const ImagePtr cmyk(out);
  ASSERT_EQ(cmyk->Bands, 4);
  for (const char* name : {"a.jpg", "a.tif"}) {
    const auto path = folder / name;
    ASSERT_EQ(vips_image_write_to_file(cmyk.get(), path.c_str(), "strip", FALSE, nullptr), 0);
    const PictureReader reader(path);
    EXPECT_EQ(reader.info().colours, 3);
    EXPECT_FALSE(reader.info().has_alpha);
    EXPECT_TRUE(reader.info().has_icc);
    // Black of a press is not the screen's: only the middle and the order can be expected.
    const std::vector<int> levels = Levels(ReadPicture(path));
    EXPECT_NEAR(levels[5], 60, 25) << name;
    EXPECT_LE(levels[0], levels[5]);
  }
  ASSERT_EQ(vips_colourspace(image.get(), &out, VIPS_INTERPRETATION_LAB, nullptr), 0);
  const ImagePtr lab(out);
  ASSERT_EQ(vips_tiffsave(lab.get(), (folder / "b.tif").c_str(), nullptr), 0);
  const std::vector<int> levels = Levels(ReadPicture(folder / "b.tif"));
  EXPECT_NEAR(levels[0], 10, 2);
  EXPECT_NEAR(levels[5], 60, 2);
}

TEST(PictureReader, PalettesAndBitsAreExpanded) {
  const TemporaryFolder folder;
  const ImagePtr image = Corners();
  const auto png = folder / "a.png";
  ASSERT_EQ(vips_pngsave(image.get(), png.c_str(), "palette", TRUE, "dither", 0.0, nullptr), 0);
  EXPECT_EQ(PictureReader(png).info().colours, 3);
  EXPECT_EQ(Levels(ReadPicture(png)), (std::vector<int>{10, 20, 30, 40, 50, 60}));
  const auto tiff = folder / "a.tif";
  VipsImage* out = nullptr;
  ASSERT_EQ(vips_more_const1(image.get(), &out, 35, nullptr), 0);
  const ImagePtr bands(out);
  ASSERT_EQ(vips_extract_band(bands.get(), &out, 0, nullptr), 0);
  const ImagePtr black_or_white(out);
  ASSERT_EQ(vips_tiffsave(black_or_white.get(), tiff.c_str(), "bitdepth", 1, nullptr), 0);
  EXPECT_EQ(PictureReader(tiff).info().colours, 1);
  EXPECT_EQ(Levels(ReadPicture(tiff)), (std::vector<int>{0, 0, 0, 255, 255, 255}));
}

TEST(PictureReader, ReadsFromMemory) {
  const TemporaryFolder folder;
  for (const char* name : {"x.png", "x.jpg", "x.webp", "x.tif"}) {
    WritePicture(folder / name, TestPicture(3, 20, 30));
    const std::string bytes = FileBytes(folder / name);
    PictureReader reader("inside", std::as_bytes(std::span(bytes)));
    ASSERT_EQ(reader.info().width, 30);
    Tensor picture(DType::kF32, {3, 20, 30});
    reader.ReadRows(20, picture.view());
    EXPECT_EQ(LargestDifference(picture, ReadPicture(folder / name)), 0) << name;
  }
  EXPECT_EQ(
      CodeOf([] { PictureReader("inside", std::span<const std::byte>()); }, "[inside] is empty"),
      65);
}

}  // namespace
}  // namespace gan::core
