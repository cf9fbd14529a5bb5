#include "tools/glyphs/font_list.h"

#include <sstream>

#include "base/error.h"

namespace gan::core::glyphs {
namespace {

FontEntry ParseLine(const std::string& line, std::string_view where, int number) {
  const auto fail = [&](std::string_view wanted, const std::string& got) {
    Fail(ErrorCode::kBadData, where, "line {} wants {}, got \"{}\"", number, wanted,
         Printable(got));
  };
  std::istringstream words(line);
  std::string split, weight, classes;
  FontEntry entry{};
  std::string file;
  words >> split >> weight >> classes >> entry.licence >> entry.package >> file;
  if (file.empty()) fail("six words (split weight classes licence package file)", line);
  if (split != "train" && split != "test") fail("train or test", split);
  if (classes != "all" && classes != "digits") fail("all or digits", classes);
  if (weight.size() != 1 || weight[0] < '1' || weight[0] > '9') fail("a weight, 1 to 9", weight);
  entry.split = split == "train" ? Split::kTrain : Split::kTest;
  entry.weight = weight[0] - '0';
  entry.letters = classes == "all";
  entry.file = file;
  return entry;
}

}  // namespace

std::vector<FontEntry> ParseFontList(std::string_view text, std::string_view where) {
  std::vector<FontEntry> fonts;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    line.resize(std::min(line.size(), line.find('#')));
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    fonts.push_back(ParseLine(line, where, number));
  }
  if (fonts.empty()) Fail(ErrorCode::kBadData, where, "wants fonts, has none");
  return fonts;
}

std::string LicencesOf(std::span<const FontEntry> fonts) {
  std::string text, last;
  for (const FontEntry& font : fonts) {
    if (font.package == last) continue;
    last = font.package;
    text += fmt::format("- {} ({})\n", font.package, font.licence);
  }
  return text;
}

}  // namespace gan::core::glyphs
