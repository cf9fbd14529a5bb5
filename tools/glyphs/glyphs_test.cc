#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <numeric>

#include "base/error.h"
#include "base/file.h"
#include "tools/glyphs/font_list.h"
#include "tools/glyphs/glyph_painter.h"
#include "tools/glyphs/idx_file.h"
#include "tools/glyphs/options.h"

namespace gan::core::glyphs {
namespace {

constexpr std::string_view kDejaVu = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

std::string MessageOf(ErrorCode code, const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), code) << e.what();
    return e.what();
  }
  return "no error";
}

std::vector<FontEntry> OneFont(std::string_view file) {
  return ParseFontList(fmt::format("train 1 all free fonts-dejavu-core {}", file), "list");
}

TEST(FontList, ReadsLinesAndSkipsComments) {
  const std::vector<FontEntry> fonts = ParseFontList(
      "# a list\n\ntrain 3 all OFL-1.1 fonts-one /a.ttf\n"
      "train 1 all OFL-1.1 fonts-one /b.ttf\ntest 2 digits Apache-2.0 fonts-two /c.ttf # "
      "capitals\n",
      "list");
  ASSERT_EQ(fonts.size(), 3u);
  EXPECT_EQ(fonts[0].weight, 3);
  EXPECT_TRUE(fonts[0].letters);
  EXPECT_EQ(fonts[2].split, Split::kTest);
  EXPECT_FALSE(fonts[2].letters);
  EXPECT_EQ(fonts[2].file, "/c.ttf");
  EXPECT_EQ(LicencesOf(fonts), "- fonts-one (OFL-1.1)\n- fonts-two (Apache-2.0)\n");
}

TEST(FontList, NamesTheLineThatIsWrong) {
  const auto parse = [](std::string_view text) {
    return MessageOf(ErrorCode::kBadData, [&] { ParseFontList(text, "list"); });
  };
  EXPECT_EQ(parse("\ntrain 1 all free pkg\n"),
            "[list] line 2 wants six words (split weight classes licence package file), got "
            "\"train 1 all free pkg\"");
  EXPECT_EQ(parse("often 1 all free pkg f"), "[list] line 1 wants train or test, got \"often\"");
  EXPECT_EQ(parse("test 0 all free pkg f"), "[list] line 1 wants a weight, 1 to 9, got \"0\"");
  EXPECT_EQ(parse("test 1 most free pkg f"), "[list] line 1 wants all or digits, got \"most\"");
  EXPECT_EQ(parse("# nothing\n"), "[list] wants fonts, has none");
}

TEST(FontList, TheOneInTheTreeIsSound) {
  const InputFile file(std::filesystem::path(GAN_SOURCE_DIR) / "tools/glyphs/fonts.txt");
  std::string text(static_cast<size_t>(file.size()), '\0');
  file.ReadAt(0, std::as_writable_bytes(std::span(text)));
  EXPECT_GT(ParseFontList(text, "fonts.txt").size(), 50u);
}

TEST(GlyphPainter, NamesThePackageOfAMissingFont) {
  const std::string text = MessageOf(
      ErrorCode::kNoInput, [] { GlyphPainter(OneFont("/nowhere.ttf"), Split::kTrain, "01"); });
  EXPECT_NE(text.find("is the package fonts-dejavu-core installed?"), std::string::npos) << text;
  EXPECT_NE(MessageOf(ErrorCode::kUsage, [] { CharactersOf("runes"); }).find("got \"runes\""),
            std::string::npos);
}

class PaintedGlyphs : public testing::TestWithParam<int64_t> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kDejaVu)) GTEST_SKIP() << "skipped: no " << kDejaVu;
  }
};

TEST_P(PaintedGlyphs, AreLikeMnistsAtEverySize) {
  const int64_t size = GetParam();
  GlyphPainter painter(OneFont(kDejaVu), Split::kTrain, CharactersOf("all"));
  const LabelledPictures made = painter.PaintMany(124, size, 5);
  ASSERT_EQ(made.count(), 124);
  for (int64_t i = 0; i < made.count(); ++i) {
    const std::span<const uint8_t> picture =
        std::span(made.pixels)
            .subspan(static_cast<size_t>(i * size * size), static_cast<size_t>(size * size));
    double mass = 0, x = 0, y = 0;
    for (int64_t p = 0; p < size * size; ++p) {
      const double v = picture[static_cast<size_t>(p)];
      mass += v, x += v * static_cast<double>(p % size), y += v * static_cast<double>(p / size);
    }
    SCOPED_TRACE(fmt::format("picture {} of label {}", i, made.labels[static_cast<size_t>(i)]));
    EXPECT_GT(mass, 255 * 0.015 * static_cast<double>(size * size));
    EXPECT_LT(mass, 255 * 0.5 * static_cast<double>(size * size));
    // Grain and the clipping of contrast move the centre a little.
    const double middle = static_cast<double>(size - 1) / 2;
    EXPECT_NEAR(x / mass, middle, static_cast<double>(size) / 20);
    EXPECT_NEAR(y / mass, middle, static_cast<double>(size) / 20);
    EXPECT_EQ(picture[0], 0);
  }
}
INSTANTIATE_TEST_SUITE_P(Sizes, PaintedGlyphs, testing::Values(28, 32, 64));

TEST(GlyphPainter, PicturesAreAFunctionOfSeedAndIndex) {
  if (!std::filesystem::exists(kDejaVu)) GTEST_SKIP() << "skipped: no " << kDejaVu;
  GlyphPainter painter(OneFont(kDejaVu), Split::kTrain, CharactersOf("digits"));
  const LabelledPictures few = painter.PaintMany(5, 28, 1);
  const LabelledPictures many = painter.PaintMany(9, 28, 1);
  EXPECT_TRUE(std::equal(few.pixels.begin(), few.pixels.end(), many.pixels.begin()));
  EXPECT_TRUE(std::equal(few.labels.begin(), few.labels.end(), many.labels.begin()));
  EXPECT_NE(painter.PaintMany(5, 28, 2).pixels, few.pixels);
}

TEST(IdxFile, HasMnistsBytes) {
  const std::filesystem::path folder = testing::TempDir();
  LabelledPictures pictures{.size = 2, .pixels = {1, 2, 3, 4, 5, 6, 7, 8}, .labels = {7, 9}};
  WriteIdx(folder, "tiny", pictures);
  const InputFile images(folder / "tiny-images-idx3-ubyte");
  const InputFile labels(folder / "tiny-labels-idx1-ubyte");
  const auto bytes = [](const InputFile& file) {
    std::vector<int> out;
    for (const std::byte b : file.ReadAt(0, file.size())) out.push_back(static_cast<int>(b));
    return out;
  };
  EXPECT_EQ(bytes(images), (std::vector<int>{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2,
                                             0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(bytes(labels), (std::vector<int>{0, 0, 8, 1, 0, 0, 0, 2, 7, 9}));
}

TEST(Options, AreCheckedByName) {
  const auto parse = [](std::vector<const char*> arguments) {
    return Options(arguments, {{"--output", ""}, {"--seed", "1"}});
  };
  EXPECT_EQ(parse({"--output", "x"}).Number("--seed", 0, 9), 1);
  const auto message = [&](std::vector<const char*> arguments) {
    return MessageOf(ErrorCode::kUsage,
                     [&] { parse(std::move(arguments)).Number("--seed", 0, 9); });
  };
  EXPECT_EQ(message({"--output", "x", "--seed", "12"}),
            "[--seed] wants a number from 0 to 9, got \"12\"");
  EXPECT_EQ(message({"--seed", "1"}), "[--output] must be given");
  EXPECT_EQ(message({"--output"}), "[--output] wants a value");
  EXPECT_EQ(message({"--out", "x"}), "[options] knows --output --seed, got \"--out\"");
}

}  // namespace
}  // namespace gan::core::glyphs
