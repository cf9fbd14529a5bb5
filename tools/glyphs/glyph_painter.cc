#include "tools/glyphs/glyph_painter.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"

namespace gan::core::glyphs {
namespace {

constexpr std::string_view kAll = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// The outline is drawn and bent at this size, with room around it, then made small.
constexpr int kCanvas = 128;
constexpr double kBody = 84;  // the longer side of the character

constexpr double kPi = 3.14159265358979323846;

double Between(Random& random, double low, double high) {
  return low + (high - low) * random.Uniform();
}

// A grey picture of kCanvas x kCanvas, 0 to 1; black outside.
class Canvas {
 public:
  float& At(int x, int y) { return pixels_[static_cast<size_t>(y * kCanvas + x)]; }
  float At(int x, int y) const {
    if (x < 0 || y < 0 || x >= kCanvas || y >= kCanvas) return 0;
    return pixels_[static_cast<size_t>(y * kCanvas + x)];
  }

  // Bilinear, pixel centres at whole numbers.
  float Sample(double x, double y) const {
    const double fx = std::floor(x), fy = std::floor(y);
    const int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
    const auto tx = static_cast<float>(x - fx), ty = static_cast<float>(y - fy);
    const float above = At(ix, iy) + tx * (At(ix + 1, iy) - At(ix, iy));
    const float below = At(ix, iy + 1) + tx * (At(ix + 1, iy + 1) - At(ix, iy + 1));
    return above + ty * (below - above);
  }

 private:
  std::vector<float> pixels_ = std::vector<float>(size_t{kCanvas} * kCanvas, 0.0f);
};

// Random shifts at the knots of a coarse grid, smooth in between: what a hand does to a line.
// (Simard et al. 2003 smooth a field of noise instead; this costs a fraction.)
class Distortion {
 public:
  Distortion(double amplitude, Random& random) {
    for (auto& axis : knots_) {
      for (float& knot : axis) knot = static_cast<float>(amplitude) * random.Normal();
    }
  }

  double Shift(int axis, double x, double y) const {
    const double gx = x / kCanvas * (kKnots - 1), gy = y / kCanvas * (kKnots - 1);
    const int ix = std::clamp(static_cast<int>(gx), 0, kKnots - 2);
    const int iy = std::clamp(static_cast<int>(gy), 0, kKnots - 2);
    const double tx = Smooth(gx - ix), ty = Smooth(gy - iy);
    const auto knot = [&](int kx, int ky) {
      return double{knots_[static_cast<size_t>(axis)][static_cast<size_t>(ky * kKnots + kx)]};
    };
    const double above = knot(ix, iy) + tx * (knot(ix + 1, iy) - knot(ix, iy));
    const double below = knot(ix, iy + 1) + tx * (knot(ix + 1, iy + 1) - knot(ix, iy + 1));
    return above + ty * (below - above);
  }

 private:
  static constexpr int kKnots = 5;
  static double Smooth(double t) { return t * t * (3 - 2 * t); }
  std::array<std::array<float, kKnots * kKnots>, 2> knots_{};
};

Canvas Distort(const Canvas& from, const Distortion& distortion) {
  Canvas to;
  for (int y = 0; y < kCanvas; ++y) {
    for (int x = 0; x < kCanvas; ++x) {
      to.At(x, y) = from.Sample(x + distortion.Shift(0, x, y), y + distortion.Shift(1, x, y));
    }
  }
  return to;
}

// Where the ink is.
struct Ink {
  double mass = 0, x = 0, y = 0;  // sum, centre
  double extent = 0;              // the longer side of the box around it
};

Ink Measure(const Canvas& canvas) {
  Ink ink;
  int left = kCanvas, right = -1, top = kCanvas, bottom = -1;
  for (int y = 0; y < kCanvas; ++y) {
    for (int x = 0; x < kCanvas; ++x) {
      const double v = canvas.At(x, y);
      ink.mass += v, ink.x += v * x, ink.y += v * y;
      if (v < 0.25) continue;
      left = std::min(left, x), right = std::max(right, x);
      top = std::min(top, y), bottom = std::max(bottom, y);
    }
  }
  ink.extent = std::max(right - left, bottom - top) + 1;
  if (ink.mass > 0) ink.x /= ink.mass, ink.y /= ink.mass;
  return ink;
}

// The canvas at `step` of its pixels for one of the result, ink in the middle.
std::vector<float> Shrink(const Canvas& canvas, const Ink& ink, double step, int64_t size) {
  constexpr int kTaps = 4;
  std::vector<float> out(static_cast<size_t>(size * size));
  const double middle = static_cast<double>(size - 1) / 2;
  for (int64_t y = 0; y < size; ++y) {
    for (int64_t x = 0; x < size; ++x) {
      float sum = 0;
      for (int tap = 0; tap < kTaps * kTaps; ++tap) {
        const double dx = (tap % kTaps + 0.5) / kTaps - 0.5;
        const double dy = (tap / kTaps + 0.5) / kTaps - 0.5;
        sum += canvas.Sample(ink.x + (static_cast<double>(x) - middle + dx) * step,
                             ink.y + (static_cast<double>(y) - middle + dy) * step);
      }
      out[static_cast<size_t>(y * size + x)] = sum / (kTaps * kTaps);
    }
  }
  return out;
}

// One pass along each axis of [side, 1 - 2 side, side].
void Blur(std::vector<float>& pixels, int64_t size, float side) {
  for (const int64_t step : {int64_t{1}, size}) {
    const std::vector<float> before = pixels;
    const auto count = static_cast<int64_t>(pixels.size());
    for (int64_t i = 0; i < count; ++i) {
      // Characters never touch the border, so what wraps around is black.
      const float low = i >= step ? before[static_cast<size_t>(i - step)] : 0;
      const float high = i + step < count ? before[static_cast<size_t>(i + step)] : 0;
      pixels[static_cast<size_t>(i)] =
          before[static_cast<size_t>(i)] * (1 - 2 * side) + side * (low + high);
    }
  }
}

// The pen's last traits: blur, contrast and grain of the ink. The paper stays black.
void Finish(std::vector<float>& pixels, int64_t size, Random& random, std::span<uint8_t> out) {
  Blur(pixels, size, static_cast<float>(Between(random, 0, 0.16)));
  const float brightest = *std::ranges::max_element(pixels);
  const double gain = Between(random, 0.9, 1.4) / std::max(brightest, 0.1f);
  const double grain = Between(random, 0, 0.25);
  for (size_t i = 0; i < pixels.size(); ++i) {
    const double v = std::min(1.0, pixels[i] * gain) * (1 - grain * random.Uniform());
    out[i] = static_cast<uint8_t>(std::lround(255 * v));
  }
}

struct Font {
  FT_Face face;
  int64_t weight;
};

void RequireOk(FT_Error error, std::string_view what) {
  if (error != 0) Fail(ErrorCode::kBadData, "font", "{}: FreeType's error {}", what, error);
}

// The outline, transformed at random and drawn in the middle of a canvas.
Canvas DrawOutline(FT_Face face, char character, double thickness, Random& random) {
  RequireOk(
      FT_Load_Char(face, static_cast<FT_ULong>(character), FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP),
      "a character cannot be read");
  FT_Outline& outline = face->glyph->outline;
  const auto box_of = [&] {
    FT_BBox box;
    FT_Outline_Get_CBox(&outline, &box);
    return box;
  };
  FT_BBox box = box_of();
  const auto side = static_cast<double>(std::max(box.xMax - box.xMin, box.yMax - box.yMin));
  const double scale = kBody * 64 / std::max(side, 1.0);
  const double width = std::exp(Between(random, -0.25, 0.2));
  const double slant = Between(random, -0.25, 0.45);
  const double angle = Between(random, -12, 12) * kPi / 180;
  const auto fixed = [](double v) { return static_cast<FT_Fixed>(std::lround(v * 65536)); };
  const FT_Matrix shape{fixed(scale * width), fixed(scale * slant), 0, fixed(scale)};
  const FT_Matrix turn{fixed(std::cos(angle)), fixed(-std::sin(angle)), fixed(std::sin(angle)),
                       fixed(std::cos(angle))};
  FT_Outline_Transform(&outline, &shape);
  FT_Outline_Embolden(&outline, static_cast<FT_Pos>(thickness * 64));
  FT_Outline_Transform(&outline, &turn);
  box = box_of();
  FT_Outline_Translate(&outline, (kCanvas * 64 - box.xMin - box.xMax) / 2,
                       (kCanvas * 64 - box.yMin - box.yMax) / 2);
  std::vector<uint8_t> grey(size_t{kCanvas} * kCanvas, 0);
  FT_Bitmap bitmap{};
  bitmap.rows = bitmap.width = kCanvas;
  bitmap.pitch = kCanvas;
  bitmap.buffer = grey.data();
  bitmap.num_grays = 256;
  bitmap.pixel_mode = FT_PIXEL_MODE_GRAY;
  RequireOk(FT_Outline_Get_Bitmap(face->glyph->library, &outline, &bitmap),
            "a character cannot be drawn");
  Canvas canvas;
  for (int i = 0; i < kCanvas * kCanvas; ++i) {
    canvas.At(i % kCanvas, i / kCanvas) = static_cast<float>(grey[static_cast<size_t>(i)]) / 255;
  }
  return canvas;
}

}  // namespace

std::string_view CharactersOf(std::string_view classes) {
  if (classes == "digits") return kAll.substr(0, 10);
  if (classes == "letters") return kAll.substr(10);
  if (classes == "all") return kAll;
  Fail(ErrorCode::kUsage, "--classes", "wants digits, letters or all, got \"{}\"",
       Printable(classes));
}

struct GlyphPainter::State {
  FT_Library library = nullptr;
  std::vector<Font> fonts;
  int64_t weights = 0;

  ~State() {
    for (const Font& font : fonts) FT_Done_Face(font.face);
    if (library != nullptr) FT_Done_FreeType(library);
  }

  FT_Face Choose(Random& random) const {
    auto ticket = static_cast<int64_t>(random.Below(static_cast<uint64_t>(weights)));
    for (const Font& font : fonts) {
      ticket -= font.weight;
      if (ticket < 0) return font.face;
    }
    GAN_ASSERT(false);
    return nullptr;
  }
};

GlyphPainter::GlyphPainter(std::span<const FontEntry> fonts, Split split,
                           std::string_view characters)
    : characters_(characters), state_(std::make_unique<State>()) {
  RequireOk(FT_Init_FreeType(&state_->library), "FreeType does not start");
  const bool letters = characters.find_first_not_of(kAll.substr(0, 10)) != std::string_view::npos;
  for (const FontEntry& entry : fonts) {
    if (entry.split != split || (letters && !entry.letters)) continue;
    FT_Face face = nullptr;
    if (FT_New_Face(state_->library, entry.file.c_str(), 0, &face) != 0) {
      Fail(ErrorCode::kNoInput, "font", "\"{}\" cannot be opened: is the package {} installed?",
           Printable(entry.file.string()), Printable(entry.package));
    }
    state_->fonts.push_back({face, entry.weight});
    state_->weights += entry.weight;
    RequireOk(FT_Set_Pixel_Sizes(face, 0, 64), "no scalable font");
    for (const char character : characters) {
      if (FT_Get_Char_Index(face, static_cast<FT_ULong>(character)) != 0) continue;
      Fail(ErrorCode::kBadData, "font", "\"{}\" has no \"{}\"", Printable(entry.file.string()),
           character);
    }
  }
  if (state_->fonts.empty()) Fail(ErrorCode::kBadData, "font", "the list has none for this split");
}

GlyphPainter::~GlyphPainter() = default;

void GlyphPainter::Paint(char character, int64_t size, Random& random, std::span<uint8_t> out) {
  GAN_ASSERT(out.size() == static_cast<size_t>(size * size));
  FT_Face face = state_->Choose(random);
  // Pixels of the canvas added to each stroke; some fonts' strokes are as thin as what is taken.
  double thickness = Between(random, -3, 7);
  Canvas canvas;
  Ink ink;
  do {
    canvas = Distort(DrawOutline(face, character, thickness, random),
                     Distortion(Between(random, 0.5, 5), random));
    ink = Measure(canvas);
    thickness += 2;
  } while (ink.mass < 6 * kBody && thickness < 20);
  // MNIST's characters fill 20 of 28 pixels.
  const double body = static_cast<double>(size) * 20 / 28 * Between(random, 0.85, 1.08);
  std::vector<float> pixels = Shrink(canvas, ink, ink.extent / body, size);
  Finish(pixels, size, random, out);
}

LabelledPictures GlyphPainter::PaintMany(int64_t count, int64_t size, uint64_t seed) {
  LabelledPictures pictures{.size = size};
  pictures.pixels.resize(static_cast<size_t>(count * size * size));
  for (int64_t i = 0; i < count; ++i) {
    Random random(seed * 0x9E3779B97F4A7C15u + static_cast<uint64_t>(i));
    const uint64_t label = random.Below(characters_.size());
    pictures.labels.push_back(static_cast<uint8_t>(label));
    Paint(characters_[label], size, random,
          std::span(pictures.pixels)
              .subspan(static_cast<size_t>(i * size * size), static_cast<size_t>(size * size)));
  }
  return pictures;
}

}  // namespace gan::core::glyphs
