#include <algorithm>

#include "kernels/target.h"
#include "kernels/winograd_layout.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/winograd_filters_simd.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/winograd_transforms-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
#if HWY_HAVE_SCALABLE
void TransformFiltersSimd(const WinogradFilters&, std::span<const int64_t>, const WinogradShape&,
                          float*) {}
bool HasPairsSimd() { return false; }
#else
namespace {

using namespace winograd;  // NOLINT(google-build-using-namespace): of this target

// What a filter's value at a point is divided by: the product of the differences to all others.
template <class S>
constexpr float Divisor(int pair) {
  float product = pair < 0 ? 1 : 2 * S::kSquare[pair];
  for (int k = 0; k < S::kPairs; ++k) {
    if (k != pair) product *= (pair < 0 ? 0 : S::kSquare[pair]) - S::kSquare[k];
  }
  return product;
}

// G g of one row or column.
template <class S>
HWY_INLINE Line<S> TransformFilter(const float* taps, int64_t step) {
  const D d;
  const V g0 = hn::LoadU(d, taps), g1 = hn::LoadU(d, taps + step);
  V last = g1;
  if constexpr (S::kTaps == 3) last = hn::LoadU(d, taps + 2 * step);
  Line<S> out;
  out.v[0] = hn::Mul(hn::Set(d, 1 / Divisor<S>(-1)), g0);
#pragma GCC unroll 4
  for (int k = 0; k < S::kPairs; ++k) {
    const float scale = 1 / Divisor<S>(k);
    V even = g0;
    if constexpr (S::kTaps == 3) even = hn::MulAdd(hn::Set(d, S::kSquare[k]), last, g0);
    even = hn::Mul(hn::Set(d, scale), even);
    const V odd = hn::Mul(hn::Set(d, scale * S::kPoint[k]), g1);
    out.v[1 + 2 * k] = hn::Add(even, odd);
    out.v[2 + 2 * k] = hn::Sub(even, odd);
  }
  out.v[S::kPatch - 1] = last;
  return out;
}

// One input of kLanes outputs, taps[kTaps^2][kLanes], to u[frequency * pitch].
template <WinogradNumbers kNumbers, class S>
void TransformTaps(const float* taps, int64_t pitch, float* u) {
  constexpr int64_t kRow = S::kTaps * kLanes;
  HWY_ALIGN float columns[S::kPatch * kRow];
  for (int64_t x = 0; x < S::kTaps; ++x) {
    StoreLine<S>(TransformFilter<S>(taps + x * kLanes, kRow), columns + x * kLanes, kRow);
  }
  for (int y = 0; y < S::kPatch; ++y) {
    if (y == S::kZero) continue;
    const Line<S> line = TransformFilter<S>(columns + y * kRow, kLanes);
    StoreNumbers<kNumbers>(line, u + y * S::kPatch * pitch, 0, pitch);
  }
}

template <WinogradNumbers kNumbers>
void TransformTapsOf(const WinogradShape& shape, const float* taps, int64_t pitch, float* u) {
  if (shape.tile == 3) return TransformTaps<kNumbers, Tile3>(taps, pitch, u);
  if (shape.tile == 6) return TransformTaps<kNumbers, Tile6>(taps, pitch, u);
  shape.doubled ? TransformTaps<kNumbers, Tile4Doubled>(taps, pitch, u)
                : TransformTaps<kNumbers, Tile4>(taps, pitch, u);
}

// What is seen so of the filters of one input: zeros where the filter ends before.
void GatherTaps(const WinogradFilters& filters, const float* weight, const WinogradShape& shape,
                const WinogradView& view, float* taps) {
  const int64_t many = shape.tile == 3 ? 2 : 3, size = shape.taps;
  for (int64_t tap = 0; tap < many * many; ++tap) {
    const int64_t y = view.down.tap + tap / many * view.down.tap_step;
    const int64_t x = view.across.tap + tap % many * view.across.tap_step;
    const bool inside = y < size && x < size;
    for (int64_t o = 0; o < filters.used; ++o) {
      taps[tap * kLanes + o] = inside ? weight[o * filters.output + y * size + x] : 0;
    }
  }
}

template <WinogradNumbers kNumbers>
void TransformView(const WinogradFilters& filters, std::span<const int64_t> parts,
                   const WinogradShape& shape, const WinogradView& view, float* u) {
  HWY_ALIGN float taps[9 * kLanes] = {};
  const int64_t pitch = WinogradPitch(shape.summed() * shape.outputs);
  const float* weight = filters.weight;
  for (const int64_t part : parts) {
    const int64_t padded = (part + kLanes - 1) / kLanes * kLanes;
    for (int64_t i = 0; i < padded; ++i, u += kLanes) {
      if (i >= part) {
        for (int64_t f = 0; f < shape.frequencies(); ++f) {
          std::fill_n(u + f * pitch, kLanes, 0.0f);
        }
        continue;
      }
      GatherTaps(filters, weight, shape, view, taps);
      TransformTapsOf<kNumbers>(shape, taps, pitch, u);
      weight += filters.input;
    }
  }
}

// Of two inputs at a time, side by side.
void TransformPairsOfView(const WinogradFilters& filters, std::span<const int64_t> parts,
                          const WinogradShape& shape, const WinogradView& view, float* u) {
  HWY_ALIGN float taps[9 * kLanes] = {};
  HWY_ALIGN float made[2][kWinogradMostFrequencies * kLanes] = {};
  const int64_t pitch = WinogradPitch(shape.Slots(shape.summed()) * shape.outputs);
  const float* weight = filters.weight;
  for (const int64_t part : parts) {
    const int64_t padded = (part + kLanes - 1) / kLanes * kLanes;
    for (int64_t i = 0; i < padded; ++i) {
      float* of_input = made[i % 2];
      if (i < part) {
        GatherTaps(filters, weight, shape, view, taps);
        TransformTapsOf<WinogradNumbers::kFloat>(shape, taps, kLanes, of_input);
        weight += filters.input;
      } else {
        std::fill_n(of_input, shape.frequencies() * kLanes, 0.0f);
      }
      if (i % 2 == 0) continue;
      for (int64_t f = 0; f < shape.frequencies(); ++f) {
        const auto pair =
            Paired(hn::LoadU(D(), made[0] + f * kLanes), hn::LoadU(D(), made[1] + f * kLanes));
        hn::StoreU(hn::BitCast(D(), pair), D(), u + f * pitch);
      }
      u += kLanes;
    }
  }
}

void TransformViewOf(const WinogradFilters& filters, std::span<const int64_t> parts,
                     const WinogradShape& shape, const WinogradView& view, float* u) {
  switch (shape.numbers) {
    case WinogradNumbers::kFloat:
      return TransformView<WinogradNumbers::kFloat>(filters, parts, shape, view, u);
    case WinogradNumbers::kRounded:
      return TransformView<WinogradNumbers::kRounded>(filters, parts, shape, view, u);
    case WinogradNumbers::kPairs: return TransformPairsOfView(filters, parts, shape, view, u);
  }
}

}  // namespace

bool HasPairsSimd() {
#if HWY_TARGET <= HWY_AVX3
  return __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

// u points to the panel of these outputs.
void TransformFiltersSimd(const WinogradFilters& filters, std::span<const int64_t> parts,
                          const WinogradShape& shape, float* u) {
  const int64_t moves = shape.moves() * shape.moves();
  for (int64_t phase = 0; phase < shape.phases(); ++phase) {
    for (int64_t move = 0; move < moves; ++move) {
      TransformViewOf(
          filters, parts, shape, ViewOf(shape, phase, move),
          u + phase * WinogradPhaseFloats(shape) + move * shape.Slots(shape.inputs) * kLanes);
    }
  }
}
#endif  // HWY_HAVE_SCALABLE

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(TransformFiltersSimd);
HWY_EXPORT(HasPairsSimd);

WinogradNumbers Bf16Numbers() {
  const bool pairs = !ReferenceChosen() && HWY_DYNAMIC_DISPATCH(HasPairsSimd)();
  return pairs ? WinogradNumbers::kPairs : WinogradNumbers::kRounded;
}

void TransformWinogradFilters(const ConstTensorView& weight, std::span<const int64_t> parts,
                              const WinogradShape& shape, int64_t block, float* out) {
  const int64_t lanes = ChannelLanes(), taps = shape.taps * shape.taps;
  const int64_t outputs = weight.shape[shape.transposed ? 1 : 0];
  WinogradFilters filters{.output = taps * (shape.transposed ? 1 : weight.shape[1]),
                          .input = taps * (shape.transposed ? outputs : 1),
                          .used = std::min(lanes, outputs - block * lanes)};
  filters.weight = Floats(weight) + block * lanes * filters.output;
  HWY_DYNAMIC_DISPATCH(TransformFiltersSimd)
  (filters, parts, shape, out + block * lanes * shape.Slots(shape.summed()));
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
