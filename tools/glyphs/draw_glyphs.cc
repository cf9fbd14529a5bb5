// gan_glyphs: a labelled data set of digits and letters, drawn from free fonts, in MNIST's format.
//
//   gan_glyphs --output FOLDER [--fonts tools/glyphs/fonts.txt] [--classes digits|letters|all]
//              [--count 60000] [--test 10000] [--size 28] [--seed 1]
#include <cstdio>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "tools/glyphs/font_list.h"
#include "tools/glyphs/glyph_painter.h"
#include "tools/glyphs/idx_file.h"
#include "tools/glyphs/options.h"

namespace gan::core::glyphs {
namespace {

std::vector<FontEntry> ReadFontList(const std::string& path) {
  const InputFile file(path);
  std::string text(static_cast<size_t>(file.size()), '\0');
  file.ReadAt(0, std::as_writable_bytes(std::span(text)));
  return ParseFontList(text, file.name());
}

void Run(std::span<const char* const> arguments) {
  const Options options(arguments, {{"--output", ""},
                                    {"--fonts", "tools/glyphs/fonts.txt"},
                                    {"--classes", "digits"},
                                    {"--count", "60000"},
                                    {"--test", "10000"},
                                    {"--size", "28"},
                                    {"--seed", "1"}});
  const std::filesystem::path folder = options.Text("--output");
  const std::string_view characters = CharactersOf(options.Text("--classes"));
  const std::vector<FontEntry> fonts = ReadFontList(options.Text("--fonts"));
  const int64_t size = options.Number("--size", 16, 128);
  const auto seed = static_cast<uint64_t>(options.Number("--seed", 0, 1'000'000));
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const auto write = [&](Split split, const std::string& count, const char* prefix) {
    const int64_t pictures = options.Number(count, 1, 10'000'000);
    // Odd and even seeds, so that no picture of one split starts like one of the other.
    const uint64_t of_split = 2 * seed + (split == Split::kTest ? 1 : 0);
    WriteIdx(folder, prefix,
             GlyphPainter(fonts, split, characters).PaintMany(pictures, size, of_split));
  };
  write(Split::kTrain, "--count", "train");
  write(Split::kTest, "--test", "t10k");
  AtomicFile readme(folder / "README.md");
  readme.Write(
      fmt::format("Characters \"{}\", labels in this order, {}x{}, seed {}. Drawn by "
                  "gan_glyphs from these Debian packages' fonts; the test pictures from "
                  "fonts that drew none of the others.\n\n{}",
                  characters, size, size, seed, LicencesOf(fonts)));
  readme.Commit();
}

}  // namespace
}  // namespace gan::core::glyphs

int main(int argc, char** argv) {
  try {
    gan::core::glyphs::Run(std::span<const char* const>(argv + 1, static_cast<size_t>(argc - 1)));
    return 0;
  } catch (const gan::Error& e) {
    std::fprintf(stderr, "gan_glyphs: %s\n", e.what());
    return static_cast<int>(e.code());
  }
}
