// Operators that resample pictures.
#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "base/checked.h"
#include "formats/onnx_ops.h"

namespace gan::core {
namespace {

struct Scale {
  int64_t num = 1, den = 1;
};

Scale FractionOf(const OnnxCall& call, float scale) {
  const auto fraction = OnnxFraction(scale);
  if (!fraction) call.node.FailHere("resizes by {}, which is no simple fraction", scale);
  return {fraction->first, fraction->second};
}

// From one size to the other, where their quotient is the same for every picture.
Scale Between(const OnnxCall& call, const Dim& in, const Dim& out) {
  const bool same_symbol = in.symbol() == out.symbol() && in.IsExact() && out.IsExact();
  if (same_symbol) {
    const Dim::Affine from = in.AsAffine(), to = out.AsAffine();
    int64_t num = CheckedMul(to.num, from.den).value_or(0);
    int64_t den = CheckedMul(to.den, from.num).value_or(0);
    if (in.IsConstant()) num = to.add, den = from.add;
    const bool proportional = in.IsConstant() || (from.add == 0 && to.add == 0);
    if (proportional && num > 0 && den > 0) {
      const int64_t g = std::gcd(num, den);
      return {num / g, den / g};
    }
  }
  call.node.FailHere("resizes {} to {}; wants a size in proportion", in.ToString(), out.ToString());
}

// Of height and width: of the entries for four axes, or of those that "axes" names.
template <class T>
std::array<T, 2> Spatial(const OnnxCall& call, const std::vector<T>& entries,
                         const std::array<T, 2>& same) {
  std::vector<int64_t> axes = call.node.Ints("axes");
  if (axes.empty()) axes = {0, 1, 2, 3};
  if (axes.size() != entries.size()) {
    call.node.FailHere("wants {} sizes or scales, got {}", axes.size(), entries.size());
  }
  std::array<T, 4> all = {same[0], same[1], T(0), T(0)};
  for (size_t i = 0; i < axes.size(); ++i) all[OnnxAxis(call, axes[i], 4)] = entries[i];
  if (!(all[0] == same[0] && all[1] == same[1])) {
    call.node.FailHere("wants to resize the height and width of a picture alone");
  }
  return {all[2], all[3]};
}

// Scales are input 1 up to opset 10 and input 2 since; sizes, input 3, in their place.
std::array<Scale, 2> ScalesOf(OnnxCall& call, ValueId x) {
  const SymbolicShape& shape = call.ShapeOf(x);
  if (shape.size() != 4) call.node.FailHere("wants a picture, got {}", ToString(shape));
  const size_t input = call.node.op == "Upsample" || call.opset < 11 ? 1 : 2;
  if (input == 2 && call.Has(3)) {
    if (call.node.Text("keep_aspect_ratio_policy", "stretch") != "stretch") {
      call.node.FailHere("keeps the aspect ratio, which gan does not");
    }
    // The number of pictures stays, whatever the file says that it is.
    std::vector<Dim> sizes = call.Sizes(3);
    if (sizes.size() == 4 && sizes[0].IsConstant()) sizes[0] = shape[0];
    const auto [h, w] = Spatial<Dim>(call, sizes, {shape[0], shape[1]});
    return {Between(call, shape[2], h), Between(call, shape[3], w)};
  }
  std::vector<float> scales;
  const auto attribute = call.node.attributes.find("scales");
  if (call.Has(input)) {
    scales = call.KnownFloats(input);
  } else if (attribute != call.node.attributes.end()) {
    scales = attribute->second.numbers;
  } else {
    call.node.FailHere("wants scales or sizes");
  }
  const auto [h, w] = Spatial<float>(call, scales, {1, 1});
  return {FractionOf(call, h), FractionOf(call, w)};
}

// -- The pixel that is nearest, in whole numbers: floor(num / den) and its like.

enum class Places { kAsymmetric, kHalfPixel, kAlignCorners, kHalfPixelForNearest };
enum class Rounding { kFloor, kCeil, kPreferFloor, kPreferCeil };

int64_t FloorOf(int64_t num, int64_t den) { return num / den - (num % den < 0 ? 1 : 0); }

int64_t Rounded(Rounding rounding, int64_t num, int64_t den) {
  switch (rounding) {
    case Rounding::kFloor: return FloorOf(num, den);
    case Rounding::kCeil: return FloorOf(num + den - 1, den);
    case Rounding::kPreferCeil: return FloorOf(2 * num + den, 2 * den);
    case Rounding::kPreferFloor: return FloorOf(2 * num + den - 1, 2 * den);
  }
  return 0;
}

// The input pixel that output pixel o shows, before it is kept within the picture. `in` and `out`
// are needed where corners are aligned alone.
int64_t PixelAt(Places places, Rounding rounding, const Scale& scale, int64_t o, int64_t in,
                int64_t out) {
  switch (places) {
    case Places::kAsymmetric: return Rounded(rounding, o * scale.den, scale.num);
    case Places::kHalfPixel:
      return Rounded(rounding, (2 * o + 1) * scale.den - scale.num, 2 * scale.num);
    case Places::kHalfPixelForNearest:
      return Rounded(rounding, (2 * o + 1) * scale.den, 2 * scale.num);
    case Places::kAlignCorners: return out == 1 ? 0 : Rounded(rounding, o * (in - 1), out - 1);
  }
  return 0;
}

constexpr int64_t kMostPixels = 1 << 16;

// The op rounds down from asymmetric places, and else to the nearest, up from the middle.
Rounding OpRounding(ResizeCoordinates coordinates) {
  return coordinates == ResizeCoordinates::kAsymmetric ? Rounding::kFloor : Rounding::kPreferCeil;
}

Places OpPlaces(ResizeCoordinates coordinates) {
  if (coordinates == ResizeCoordinates::kAsymmetric) return Places::kAsymmetric;
  return coordinates == ResizeCoordinates::kHalfPixel ? Places::kHalfPixel : Places::kAlignCorners;
}

// Whether the op with these coordinates takes the same pixels along an axis of every size that it
// can have.
bool SamePixels(Places places, Rounding rounding, ResizeCoordinates coordinates, const Scale& scale,
                const Dim& size) {
  if (std::max(scale.num, scale.den) > kMostPixels) return false;
  const bool aligned = places == Places::kAlignCorners;
  const Places own = OpPlaces(coordinates);
  const Rounding own_rounding = OpRounding(coordinates);
  if (aligned || own == Places::kAlignCorners) {
    // Whole sizes are all alike where each pixel stays itself, and of even enlargements no place is
    // just between two pixels.
    if (aligned && own == places) {
      if (rounding == own_rounding || (scale.num == 1 && scale.den == 1)) return true;
      const bool even = scale.den == 1 && scale.num % 2 == 0;
      if (even && rounding == Rounding::kPreferFloor) return true;
    }
    if (!size.IsConstant() || size.constant() > kMostPixels / scale.num) return false;
    const int64_t in = size.constant(), out = in * scale.num / scale.den;
    for (int64_t o = 0; o < out; ++o) {
      const auto pixel = [&](Places p, Rounding r) {
        return std::clamp<int64_t>(PixelAt(p, r, scale, o, in, out), 0, in - 1);
      };
      if (pixel(places, rounding) != pixel(own, own_rounding)) return false;
    }
    return true;
  }
  // The pattern repeats after `num` pixels. Beyond the border both are the last pixel.
  for (int64_t o = 0; o < scale.num; ++o) {
    if (PixelAt(places, rounding, scale, o, 0, 0) != PixelAt(own, own_rounding, scale, o, 0, 0)) {
      return false;
    }
  }
  return true;
}

std::string PlacesText(const OnnxCall& call) {
  return call.node.Text("coordinate_transformation_mode",
                        call.opset < 11 ? "asymmetric" : "half_pixel");
}

// Where PyTorch's places differ from half pixels: a single pixel shows the corner, not the middle.
bool ShowsTheCorner(const Dim& size, const Scale& scale) {
  return size.IsConstant() && size.constant() > 1 && size.Apply(scale.num, 0, scale.den) == Dim(1);
}

ResizeCoordinates NearestCoordinates(const OnnxCall& call, const std::array<Scale, 2>& scales,
                                     const SymbolicShape& shape) {
  const std::string text = PlacesText(call);
  const std::string rounds =
      call.node.Text("nearest_mode", call.opset < 11 ? "floor" : "round_prefer_floor");
  Places places = Places::kAsymmetric;
  if (text == "half_pixel" || text == "pytorch_half_pixel") places = Places::kHalfPixel;
  if (text == "align_corners") places = Places::kAlignCorners;
  if (text == "tf_half_pixel_for_nn") places = Places::kHalfPixelForNearest;
  Rounding rounding = Rounding::kFloor;
  if (rounds == "ceil") rounding = Rounding::kCeil;
  if (rounds == "round_prefer_floor") rounding = Rounding::kPreferFloor;
  if (rounds == "round_prefer_ceil") rounding = Rounding::kPreferCeil;
  const bool corner = text == "pytorch_half_pixel" &&
                      (ShowsTheCorner(shape[2], scales[0]) || ShowsTheCorner(shape[3], scales[1]));
  const bool known = !corner && (places != Places::kAsymmetric || text == "asymmetric") &&
                     (rounding != Rounding::kFloor || rounds == "floor");
  for (const ResizeCoordinates own : {ResizeCoordinates::kAsymmetric, ResizeCoordinates::kHalfPixel,
                                      ResizeCoordinates::kAlignCorners}) {
    if (known && SamePixels(places, rounding, own, scales[0], shape[2]) &&
        SamePixels(places, rounding, own, scales[1], shape[3])) {
      return own;
    }
  }
  call.node.FailHere("takes the nearest pixel by \"{}\", \"{}\" of a scale that gan does not know",
                     Printable(text), Printable(rounds));
}

OnnxValue ResizeOf(OnnxCall& call) {
  const ValueId x = call.Value(0);
  const std::array<Scale, 2> scales = ScalesOf(call, x);
  const SymbolicShape& shape = call.ShapeOf(x);
  Resize op{.num = {scales[0].num, scales[1].num}, .den = {scales[0].den, scales[1].den}};
  const std::string mode = call.node.Text("mode", "nearest");
  if (mode == "nearest") {
    op.coordinates = NearestCoordinates(call, scales, shape);
    return call.Add(op, {x});
  }
  op.mode = mode == "linear" ? ResizeMode::kBilinear : ResizeMode::kBicubic;
  if ((op.mode == ResizeMode::kBicubic && mode != "cubic") ||
      (mode == "cubic" && call.node.Float("cubic_coeff_a", -0.75f) != -0.75f)) {
    call.node.FailHere("resizes by \"{}\", which gan does not know", Printable(mode));
  }
  if (call.node.Int("antialias", 0) != 0 || call.node.Int("exclude_outside", 0) != 0) {
    call.node.FailHere("wants antialias or exclude_outside, which gan does not know");
  }
  const std::string places = PlacesText(call);
  if (places == "align_corners") {
    op.coordinates = ResizeCoordinates::kAlignCorners;
  } else if (places == "half_pixel" || places == "pytorch_half_pixel") {
    op.coordinates = ResizeCoordinates::kHalfPixel;
    if (places != "half_pixel" &&
        (ShowsTheCorner(shape[2], scales[0]) || ShowsTheCorner(shape[3], scales[1]))) {
      call.node.FailHere("makes a single pixel of the corner, which gan does not know");
    }
  } else if (places != "asymmetric") {
    call.node.FailHere("places pixels by \"{}\", which gan does not know", Printable(places));
  }
  return call.Add(op, {x});
}

constexpr std::array kOperators = {
    OnnxOperator{"Resize", ResizeOf},
    OnnxOperator{"Upsample", ResizeOf},
};

}  // namespace

std::span<const OnnxOperator> OnnxResizeOperators() { return kOperators; }

}  // namespace gan::core
