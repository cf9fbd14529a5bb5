// Which fonts the pictures are drawn from, and under which licence each stands.
#ifndef GAN_TOOLS_GLYPHS_FONT_LIST_H_
#define GAN_TOOLS_GLYPHS_FONT_LIST_H_

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gan::core::glyphs {

enum class Split { kTrain, kTest };

// One line of the list.
struct FontEntry {
  Split split;          // a font draws for one split only: the test shows hands never seen
  int64_t weight;       // how often it is drawn from, beside the others
  bool letters;         // false: its small letters are capitals, so it draws digits alone
  std::string licence;  // "OFL-1.1"
  std::string package;  // Debian's
  std::filesystem::path file;
};

// Lines of "split weight classes licence package file", blank ones and those from "#" left out.
// Error kBadData naming `where` and the line.
std::vector<FontEntry> ParseFontList(std::string_view text, std::string_view where);

// "fonts-lato (OFL-1.1)", one line a package, in the list's order.
std::string LicencesOf(std::span<const FontEntry> fonts);

}  // namespace gan::core::glyphs

#endif  // GAN_TOOLS_GLYPHS_FONT_LIST_H_
