// Draws one character the way many hands would: slanted, bent, thick or thin, blurred.
#ifndef GAN_TOOLS_GLYPHS_GLYPH_PAINTER_H_
#define GAN_TOOLS_GLYPHS_GLYPH_PAINTER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "tools/glyphs/font_list.h"
#include "tools/glyphs/idx_file.h"

namespace gan::core::glyphs {

// The characters of "digits", "letters" or "all" (digits, capitals, small letters), by label.
// Error kUsage for another name.
std::string_view CharactersOf(std::string_view classes);

// Not thread-safe.
class GlyphPainter {
 public:
  // Opens the fonts of `split` that have the characters. Error kNoInput naming a font that cannot
  // be opened and its package, kBadData where no font is left.
  GlyphPainter(std::span<const FontEntry> fonts, Split split, std::string_view characters);
  ~GlyphPainter();
  GlyphPainter(const GlyphPainter&) = delete;
  GlyphPainter& operator=(const GlyphPainter&) = delete;

  // White on black, [size, size], the ink's centre of mass in the middle, as in MNIST. The same
  // for the same state of `random`.
  void Paint(char character, int64_t size, Random& random, std::span<uint8_t> out);

  // `count` pictures with labels in random order; picture i depends on (seed, i) alone.
  LabelledPictures PaintMany(int64_t count, int64_t size, uint64_t seed);

 private:
  struct State;
  std::string characters_;
  std::unique_ptr<State> state_;
};

}  // namespace gan::core::glyphs

#endif  // GAN_TOOLS_GLYPHS_GLYPH_PAINTER_H_
