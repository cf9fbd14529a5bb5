// The transforms of Winograd's method, for kernels that are compiled once per instruction set.
#include <cstdint>

#include "hwy/highway.h"
#include "kernels/winograd_layout.h"

#if defined(GAN_KERNELS_WINOGRAD_TRANSFORMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAN_KERNELS_WINOGRAD_TRANSFORMS_INL_H_
#undef GAN_KERNELS_WINOGRAD_TRANSFORMS_INL_H_
#else
#define GAN_KERNELS_WINOGRAD_TRANSFORMS_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
#if !HWY_HAVE_SCALABLE
namespace winograd {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
using Bits = hn::RebindToUnsigned<D>;
constexpr int64_t kLanes = static_cast<int64_t>(hn::MaxLanes(D()));

// Tiles of a size, and the points at which the polynomials are taken: 0, p and -p of each pair, and
// infinity. Roots of 1/2 and 2 lose the least of all that were tried for 4x4 (half of what 1 and 2
// lose); but a doubled picture is 0 at the point -1, which is frequency kZero of a line. For 6x6,
// powers of two lose the least.
struct Tile3 {
  static constexpr int kTaps = 2, kPairs = 1, kTile = 3, kPatch = 4, kZero = -1;
  static constexpr float kPoint[] = {1.0f};
  static constexpr float kSquare[] = {1.0f};
};
struct Tile4 {
  static constexpr int kTaps = 3, kPairs = 2, kTile = 4, kPatch = 6, kZero = -1;
  static constexpr float kPoint[] = {0.70710678118654752f, 1.4142135623730951f};
  static constexpr float kSquare[] = {0.5f, 2.0f};
};
struct Tile4Doubled {
  static constexpr int kTaps = 3, kPairs = 2, kTile = 4, kPatch = 6, kZero = 2;
  static constexpr float kPoint[] = {1.0f, 2.0f};
  static constexpr float kSquare[] = {1.0f, 4.0f};
};
struct Tile6 {
  static constexpr int kTaps = 3, kPairs = 3, kTile = 6, kPatch = 8, kZero = -1;
  static constexpr float kPoint[] = {0.5f, 1.0f, 2.0f};
  static constexpr float kSquare[] = {0.25f, 1.0f, 4.0f};
};

// Vectors along a row or column of a patch: pixels, or one a point.
template <class S>
struct Line {
  V v[S::kPatch];
};

// The products of the squares of some points, summed over all choices of so many.
struct Symmetric {
  float one = 0, two = 0, three = 0;
};
template <class S>
constexpr Symmetric SumsWithout(int left_out) {
  Symmetric sums;
  for (int k = 0; k < S::kPairs; ++k) {
    if (k == left_out) continue;
    const float square = S::kSquare[k];
    sums.three += sums.two * square;
    sums.two += sums.one * square;
    sums.one += square;
  }
  return sums;
}

// The pixels from kFrom on, each second one, times the coefficients of prod (x^2 - p^2) over all
// pairs but kLeftOut.
template <class S, int kLeftOut, int kFrom>
HWY_INLINE V TimesOthers(const Line<S>& x) {
  const D d;
  constexpr Symmetric kSums = SumsWithout<S>(kLeftOut);
  constexpr int kDegree = S::kPairs - (kLeftOut < 0 ? 0 : 1);
  if constexpr (kDegree == 0) {
    return x.v[kFrom];
  } else if constexpr (kDegree == 1) {
    return hn::NegMulAdd(hn::Set(d, kSums.one), x.v[kFrom], x.v[kFrom + 2]);
  } else if constexpr (kDegree == 2) {
    const V last = hn::NegMulAdd(hn::Set(d, kSums.one), x.v[kFrom + 2], x.v[kFrom + 4]);
    return hn::MulAdd(hn::Set(d, kSums.two), x.v[kFrom], last);
  } else {
    const V last = hn::NegMulAdd(hn::Set(d, kSums.one), x.v[kFrom + 4], x.v[kFrom + 6]);
    const V more = hn::MulAdd(hn::Set(d, kSums.two), x.v[kFrom + 2], last);
    return hn::NegMulAdd(hn::Set(d, kSums.three), x.v[kFrom], more);
  }
}

template <class S, int kPair>
HWY_INLINE void TransformPair(const Line<S>& x, Line<S>& out) {
  const V p = hn::Set(D(), S::kPoint[kPair]);
  const V even = TimesOthers<S, kPair, 2>(x), odd = TimesOthers<S, kPair, 1>(x);
  out.v[1 + 2 * kPair] = hn::MulAdd(p, odd, even);
  out.v[2 + 2 * kPair] = hn::NegMulAdd(p, odd, even);
}

// B^T d of one row or column.
template <class S>
HWY_INLINE Line<S> TransformInput(const Line<S>& x) {
  Line<S> out;
  out.v[0] = TimesOthers<S, -1, 0>(x);
  TransformPair<S, 0>(x, out);
  if constexpr (S::kPairs > 1) TransformPair<S, 1>(x, out);
  if constexpr (S::kPairs > 2) TransformPair<S, 2>(x, out);
  out.v[S::kPatch - 1] = TimesOthers<S, -1, 1>(x);
  return out;
}

// A^T m of one row or column.
template <class S>
struct Result {
  V y[S::kTile];
};

constexpr float Power(float base, int exponent) {
  return exponent == 0 ? 1.0f : base * Power(base, exponent - 1);
}

template <class S>
HWY_INLINE Result<S> TransformOutput(const Line<S>& m) {
  const D d;
  V sums[S::kPairs], differences[S::kPairs];
#pragma GCC unroll 4
  for (int k = 0; k < S::kPairs; ++k) {
    sums[k] = hn::Add(m.v[1 + 2 * k], m.v[2 + 2 * k]);
    differences[k] = hn::Sub(m.v[1 + 2 * k], m.v[2 + 2 * k]);
  }
  Result<S> out;
#pragma GCC unroll 8
  for (int i = 0; i < S::kTile; ++i) {
    const V* of = i % 2 == 0 ? sums : differences;
    V y = i == 0 ? hn::Add(m.v[0], of[0]) : hn::Mul(hn::Set(d, Power(S::kPoint[0], i)), of[0]);
#pragma GCC unroll 4
    for (int k = 1; k < S::kPairs; ++k) {
      const float power = Power(S::kPoint[k], i);
      y = power == 1 ? hn::Add(of[k], y) : hn::MulAdd(hn::Set(d, power), of[k], y);
    }
    out.y[i] = i + 1 == S::kTile ? hn::Add(y, m.v[S::kPatch - 1]) : y;
  }
  return out;
}

// `step` floats from one to the next. What is 0 by construction is neither stored nor loaded.
template <class S>
HWY_INLINE void StoreLine(const Line<S>& line, float* to, int64_t step) {
#pragma GCC unroll 8
  for (int i = 0; i < S::kPatch; ++i) {
    if (i != S::kZero) hn::StoreU(line.v[i], D(), to + i * step);
  }
}

template <class S>
HWY_INLINE Line<S> LoadLine(const float* from, int64_t step) {
  Line<S> line;
#pragma GCC unroll 8
  for (int i = 0; i < S::kPatch; ++i) {
    line.v[i] = i == S::kZero ? hn::Zero(D()) : hn::LoadU(D(), from + i * step);
  }
  return line;
}

// To the nearest of bf16, to even where there are two.
HWY_INLINE V Rounded(V v) {
  const Bits bits;
  const auto b = hn::BitCast(bits, v);
  const auto odd = hn::And(hn::ShiftRight<16>(b), hn::Set(bits, 1));
  const auto nearest = hn::Add(b, hn::Add(hn::Set(bits, 0x7fff), odd));
  return hn::BitCast(D(), hn::And(nearest, hn::Set(bits, 0xffff0000u)));
}

// Both rounded, as the pairs that Dot() reads.
HWY_INLINE hn::Vec<Bits> Paired(V even, V odd) {
  const Bits bits;
  return hn::Or(hn::ShiftRight<16>(hn::BitCast(bits, Rounded(even))),
                hn::BitCast(bits, Rounded(odd)));
}

// AVX-512 BF16. Highway 1.0 has no names for these, and no target to compile for: a processor with
// AVX-512 is asked whether it has them.
#if HWY_TARGET <= HWY_AVX3
constexpr bool kMayHavePairs = true;

// sums + u.even * v.even + u.odd * v.odd
HWY_INLINE V Dot(hn::Vec<Bits> u, hn::Vec<Bits> v, V sums) {
  asm("vdpbf16ps %2, %1, %0" : "+v"(sums.raw) : "v"(u.raw), "v"(v.raw));
  return sums;
}

// As Rounded() does, but that numbers below 1.2e-38 become 0.
HWY_INLINE void StoreHalves(V v, uint16_t* to) {
  __m256i halves;
  asm("vcvtneps2bf16 %1, %0" : "=v"(halves) : "v"(v.raw));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), halves);
}
#else
constexpr bool kMayHavePairs = false;
V Dot(hn::Vec<Bits> u, hn::Vec<Bits> v, V sums);  // declared for what is never instantiated
void StoreHalves(V v, uint16_t* to);
#endif

// To the slots of a slice for each point, `pitch` floats apart; `at` numbers from where `slices`
// begins.
template <WinogradNumbers kNumbers, class S>
HWY_INLINE void StoreNumbers(const Line<S>& line, float* slices, int64_t at, int64_t pitch) {
#pragma GCC unroll 8
  for (int i = 0; i < S::kPatch; ++i) {
    if (i == S::kZero) continue;
    float* slice = slices + i * pitch;
    if constexpr (kNumbers == WinogradNumbers::kFloat) {
      hn::StoreU(line.v[i], D(), slice + at);
    } else if constexpr (kNumbers == WinogradNumbers::kRounded) {
      hn::StoreU(Rounded(line.v[i]), D(), slice + at);
    } else {
      StoreHalves(line.v[i], reinterpret_cast<uint16_t*>(slice) + at);
    }
  }
}

}  // namespace winograd
#endif  // !HWY_HAVE_SCALABLE
}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // the guard, once for each target
