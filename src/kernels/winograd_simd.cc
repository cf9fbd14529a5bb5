#include <algorithm>

#include "hwy/cache_control.h"
#include "kernels/winograd_layout.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/winograd_simd.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/pixel_ops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
#if HWY_HAVE_SCALABLE
// Vectors that cannot stand in arrays: ChannelLanes() is 0, and nothing comes here.
void RunWinogradSimd(const WinogradJob&) {}
void TransformFiltersSimd(const WinogradFilters&, std::span<const int64_t>, const WinogradShape&,
                          float*) {}
#else
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr int64_t kLanes = static_cast<int64_t>(hn::MaxLanes(D()));

// Sums of 6 tiles in 2 or 4 vectors of outputs: 12 of the 16 registers of AVX2, 24 of the 32 of
// AVX-512. Both hide the latency of FMA (4 cycles x 2 a cycle need 8).
constexpr int64_t kTiles = 6;
#if HWY_TARGET <= HWY_AVX3
constexpr int64_t kBlocks = 4;
#else
constexpr int64_t kBlocks = 2;
#endif

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

// Transforms `count` channels of a patch. Column by column into `patch`, then row by row to
// v[frequency * pitch].
template <class S>
void TransformPatch(const PatchPixels& pixels, int64_t channel, int64_t count, int64_t pitch,
                    float* HWY_RESTRICT patch, float* HWY_RESTRICT v) {
  constexpr int64_t kRow = S::kPatch * kWinogradChunk;
  for (int x = 0; x < S::kPatch; ++x) {
    const float* column[S::kPatch];
    for (int y = 0; y < S::kPatch; ++y) {
      column[y] = pixels[static_cast<size_t>(y * S::kPatch + x)] + channel;
    }
    float* to = patch + x * kWinogradChunk;
    for (int64_t c = 0; c < count; c += kLanes) {
      Line<S> line;
#pragma GCC unroll 8
      for (int y = 0; y < S::kPatch; ++y) line.v[y] = hn::LoadU(D(), column[y] + c);
      StoreLine<S>(TransformInput<S>(line), to + c, kRow);
    }
  }
  for (int y = 0; y < S::kPatch; ++y) {
    if (y == S::kZero) continue;
    const float* from = patch + y * kRow;
    float* to = v + y * S::kPatch * pitch;
    for (int64_t c = 0; c < count; c += kLanes) {
      Line<S> line;
#pragma GCC unroll 8
      for (int x = 0; x < S::kPatch; ++x) line.v[x] = hn::LoadU(D(), from + x * kWinogradChunk + c);
      StoreLine<S>(TransformInput<S>(line), to + c, pitch);
    }
  }
}

// Some of the channels that are summed for a phase: those of all inputs side by side, once for each
// move.
struct Block {
  int64_t phase = 0;
  int64_t begin = 0, count = 0;
};

template <class S>
HWY_NOINLINE void TransformTiles(const WinogradJob& job, const WinogradScratch& scratch,
                                 const Block& block) {
  const float* zeros = job.scratch + scratch.zeros;
  float* patch = job.scratch + scratch.patch;
  for (int64_t t = 0; t < job.count; ++t) {
    float* v = job.scratch + scratch.v + t * block.count;
    int64_t first = -block.begin;  // channel of the block at which the input begins
    for (int64_t move = 0; first < block.count; ++move) {
      for (const WinogradInput& input : job.inputs) {
        const int64_t begin = std::max<int64_t>(0, -first);
        const int64_t end = std::min(input.channels, block.count - first);
        if (begin < end) {
          const PatchPixels pixels = PixelsOfPatch(job.shape, input.rows, job.first + t,
                                                   ViewOf(job.shape, block.phase, move), zeros);
          for (int64_t c = begin; c < end; c += kWinogradChunk) {
            TransformPatch<S>(pixels, c, std::min(kWinogradChunk, end - c), scratch.v_pitch, patch,
                              v + first + c);
          }
        }
        first += input.channels;
      }
    }
  }
}

// The inputs' channels that a product is summed over: `panel` floats of filters for each vector of
// outputs. It goes on with what M holds, but for the first block.
struct Operands {
  const float* u;
  const float* v;
  int64_t panel, channels;
  bool first;
};

// m[tile][output] = sum over inputs of u[input][output] v[tile][input], for kUsed vectors of
// outputs and kMany tiles from `tile` on.
template <int64_t kUsed, int64_t kMany>
HWY_INLINE void Multiply(const Operands& operands, int64_t tile, float* HWY_RESTRICT m,
                         int64_t outputs) {
  const D d;
  const int64_t channels = operands.channels, panel = operands.panel;
  V sums[kMany][kUsed];
  if (operands.first) {
#pragma GCC unroll 8
    for (int64_t t = 0; t < kMany; ++t) {
#pragma GCC unroll 4
      for (int64_t b = 0; b < kUsed; ++b) sums[t][b] = hn::Zero(d);
    }
  } else {
#pragma GCC unroll 8
    for (int64_t t = 0; t < kMany; ++t) {
#pragma GCC unroll 4
      for (int64_t b = 0; b < kUsed; ++b) sums[t][b] = hn::LoadU(d, m + t * outputs + b * kLanes);
    }
  }
  const float* HWY_RESTRICT u = operands.u;
  const float* HWY_RESTRICT v = operands.v + tile * channels;
  for (int64_t i = 0; i < channels; ++i, u += kLanes) {
    V filters[kUsed];
#pragma GCC unroll 4
    for (int64_t b = 0; b < kUsed; ++b) filters[b] = hn::LoadU(d, u + b * panel);
#pragma GCC unroll 8
    for (int64_t t = 0; t < kMany; ++t) {
      const V x = hn::Set(d, v[t * channels + i]);
#pragma GCC unroll 4
      for (int64_t b = 0; b < kUsed; ++b) sums[t][b] = hn::MulAdd(filters[b], x, sums[t][b]);
    }
  }
#pragma GCC unroll 8
  for (int64_t t = 0; t < kMany; ++t) {
#pragma GCC unroll 4
    for (int64_t b = 0; b < kUsed; ++b) hn::StoreU(sums[t][b], d, m + t * outputs + b * kLanes);
  }
}

// All tiles for kUsed vectors of outputs.
template <int64_t kUsed>
HWY_NOINLINE void MultiplyAll(const Operands& operands, int64_t tiles, float* m, int64_t outputs) {
  int64_t t = 0;
  for (; t + kTiles <= tiles; t += kTiles) {
    Multiply<kUsed, kTiles>(operands, t, m + t * outputs, outputs);
  }
  if (t + 4 <= tiles) {
    Multiply<kUsed, 4>(operands, t, m + t * outputs, outputs);
    t += 4;
  }
  if (t + 2 <= tiles) {
    Multiply<kUsed, 2>(operands, t, m + t * outputs, outputs);
    t += 2;
  }
  if (t < tiles) Multiply<kUsed, 1>(operands, t, m + t * outputs, outputs);
}

// One frequency: all outputs.
void MultiplyFrequency(const WinogradJob& job, const WinogradScratch& scratch, const Block& block,
                       int64_t f) {
  const int64_t inputs = job.shape.summed(), outputs = job.shape.outputs;
  const float* u = job.filter + block.phase * WinogradPhaseFloats(job.shape) +
                   f * WinogradPitch(inputs * outputs) + block.begin * kLanes;
  const float* v = job.scratch + scratch.v + f * scratch.v_pitch;
  float* m = job.scratch + scratch.m + f * scratch.m_pitch;
  const auto from = [&](int64_t o) -> Operands {
    return {u + o * inputs, v, inputs * kLanes, block.count, block.begin == 0};
  };
  int64_t o = 0;
  for (; o + kBlocks * kLanes <= outputs; o += kBlocks * kLanes) {
    MultiplyAll<kBlocks>(from(o), job.count, m + o, outputs);
  }
  if (kBlocks > 2 && o + 2 * kLanes <= outputs) {
    MultiplyAll<2>(from(o), job.count, m + o, outputs);
    o += 2 * kLanes;
  }
  for (; o < outputs; o += kLanes) MultiplyAll<1>(from(o), job.count, m + o, outputs);
}

// A tile of M to pixels with their bias, at result[(y * tile + x) * outputs].
template <class S>
void TransformResult(const float* HWY_RESTRICT m, int64_t pitch, int64_t outputs,
                     const float* HWY_RESTRICT bias, float* HWY_RESTRICT patch,
                     float* HWY_RESTRICT result) {
  const D d;
  constexpr int64_t kRow = S::kPatch * kWinogradChunk;
  for (int64_t begin = 0; begin < outputs; begin += kWinogradChunk) {
    const int64_t count = std::min(kWinogradChunk, outputs - begin);
    for (int x = 0; x < S::kPatch; ++x) {
      if (x == S::kZero) continue;
      const float* from = m + x * pitch + begin;
      float* to = patch + x * kWinogradChunk;
      for (int64_t c = 0; c < count; c += kLanes) {
        const Result<S> r = TransformOutput<S>(LoadLine<S>(from + c, S::kPatch * pitch));
#pragma GCC unroll 8
        for (int i = 0; i < S::kTile; ++i) hn::StoreU(r.y[i], d, to + i * kRow + c);
      }
    }
    for (int y = 0; y < S::kTile; ++y) {
      const float* from = patch + y * kRow;
      float* to = result + y * S::kTile * outputs + begin;
      for (int64_t c = 0; c < count; c += kLanes) {
        const Result<S> r = TransformOutput<S>(LoadLine<S>(from + c, kWinogradChunk));
        const V b = hn::LoadU(d, bias + begin + c);
#pragma GCC unroll 8
        for (int i = 0; i < S::kTile; ++i) hn::StoreU(hn::Add(r.y[i], b), d, to + i * outputs + c);
      }
    }
  }
}

// The pixels of a tile that lie in the picture: `rows` x `columns` from (y, x) on, `step` apart.
struct TilePixels {
  int64_t first_row = 0;  // of the picture, counted over all pictures
  int64_t y = 0, x = 0, rows = 0, columns = 0;
  int64_t step = 1;
};

template <class S>
TilePixels PixelsOfTile(const WinogradShape& shape, int64_t phase, int64_t tile) {
  TilePixels pixels{.step = shape.transposed ? 2 : 1};
  const int64_t tile_row = tile / shape.TilesAcross();
  pixels.first_row = tile_row / shape.TilesDown() * shape.out_height;
  pixels.y = tile_row % shape.TilesDown() * shape.made() + phase / 2;
  pixels.x = tile % shape.TilesAcross() * shape.made() + phase % 2;
  const auto within = [&](int64_t from, int64_t size) {
    return std::clamp<int64_t>((size - from + pixels.step - 1) / pixels.step, 0, S::kTile);
  };
  pixels.rows = within(pixels.y, shape.out_height);
  pixels.columns = within(pixels.x, shape.out_width);
  return pixels;
}

// Fetched while the result is made: a quarter less time in the writes.
void FetchPixels(const WinogradJob& job, const TilePixels& pixels) {
  const int64_t outputs = job.shape.outputs;
  const int64_t together = pixels.step == 1 ? pixels.columns : 1;
  for (int64_t i = 0; i < pixels.rows; ++i) {
    for (int64_t j = 0; j < pixels.columns; j += together) {
      const float* to =
          job.out.At(pixels.first_row + pixels.y + i * pixels.step, pixels.x + j * pixels.step);
      for (int64_t c = 0; c < together * outputs; c += 16) hwy::Prefetch(to + c);
    }
  }
}

template <class S>
HWY_NOINLINE void WriteTiles(const WinogradJob& job, const WinogradScratch& scratch,
                             int64_t phase) {
  const int64_t outputs = job.shape.outputs;
  float* result = job.scratch + scratch.result;
  for (int64_t t = 0; t < job.count; ++t) {
    const TilePixels pixels = PixelsOfTile<S>(job.shape, phase, job.first + t);
    FetchPixels(job, pixels);
    TransformResult<S>(job.scratch + scratch.m + t * outputs, scratch.m_pitch, outputs, job.bias,
                       job.scratch + scratch.patch, result);
    const int64_t together = pixels.step == 1 ? pixels.columns : 1;
    for (int64_t i = 0; i < pixels.rows; ++i) {
      const int64_t row = pixels.first_row + pixels.y + i * pixels.step;
      for (int64_t j = 0; j < pixels.columns; j += together) {
        const int64_t x = pixels.x + j * pixels.step;
        pixel_ops::Apply(job.ops, result + (i * S::kTile + j) * outputs, outputs, row, x, together,
                         job.out.At(row, x));
      }
    }
  }
}

template <class S>
void RunTiles(const WinogradJob& job) {
  const WinogradScratch scratch = WinogradScratchOf(job.shape, job.count);
  std::fill_n(job.scratch + scratch.zeros, job.shape.inputs, 0.0f);
  const int64_t at_a_time = WinogradInputsAtATime(job.shape), all = job.shape.summed();
  for (int64_t phase = 0; phase < job.shape.phases(); ++phase) {
    for (int64_t begin = 0; begin < all; begin += at_a_time) {
      const Block block{phase, begin, std::min(at_a_time, all - begin)};
      TransformTiles<S>(job, scratch, block);
      for (int64_t f = 0; f < job.shape.frequencies(); ++f) {
        if (f / S::kPatch == S::kZero || f % S::kPatch == S::kZero) continue;
        MultiplyFrequency(job, scratch, block, f);
      }
    }
    WriteTiles<S>(job, scratch, phase);
  }
}

}  // namespace

void RunWinogradSimd(const WinogradJob& job) {
  if (job.shape.tile == 3) {
    RunTiles<Tile3>(job);
  } else if (job.shape.tile == 6) {
    RunTiles<Tile6>(job);
  } else if (job.shape.doubled) {
    RunTiles<Tile4Doubled>(job);
  } else {
    RunTiles<Tile4>(job);
  }
}

namespace {

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
template <class S>
void TransformTaps(const float* taps, int64_t pitch, float* u) {
  constexpr int64_t kRow = S::kTaps * kLanes;
  HWY_ALIGN float columns[S::kPatch * kRow];
  for (int64_t x = 0; x < S::kTaps; ++x) {
    StoreLine<S>(TransformFilter<S>(taps + x * kLanes, kRow), columns + x * kLanes, kRow);
  }
  for (int y = 0; y < S::kPatch; ++y) {
    if (y == S::kZero) continue;
    StoreLine<S>(TransformFilter<S>(columns + y * kRow, kLanes), u + y * S::kPatch * pitch, pitch);
  }
}

void TransformTapsOf(const WinogradShape& shape, const float* taps, int64_t pitch, float* u) {
  if (shape.tile == 3) return TransformTaps<Tile3>(taps, pitch, u);
  if (shape.tile == 6) return TransformTaps<Tile6>(taps, pitch, u);
  shape.doubled ? TransformTaps<Tile4Doubled>(taps, pitch, u)
                : TransformTaps<Tile4>(taps, pitch, u);
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
      TransformTapsOf(shape, taps, pitch, u);
      weight += filters.input;
    }
  }
}

}  // namespace

// u points to the panel of these outputs.
void TransformFiltersSimd(const WinogradFilters& filters, std::span<const int64_t> parts,
                          const WinogradShape& shape, float* u) {
  const int64_t moves = shape.moves() * shape.moves();
  for (int64_t phase = 0; phase < shape.phases(); ++phase) {
    for (int64_t move = 0; move < moves; ++move) {
      TransformView(filters, parts, shape, ViewOf(shape, phase, move),
                    u + phase * WinogradPhaseFloats(shape) + move * shape.inputs * kLanes);
    }
  }
}
#endif  // HWY_HAVE_SCALABLE

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(RunWinogradSimd);
HWY_EXPORT(TransformFiltersSimd);

void RunWinograd(const WinogradJob& job) { HWY_DYNAMIC_DISPATCH(RunWinogradSimd)(job); }

void TransformWinogradFilters(const ConstTensorView& weight, std::span<const int64_t> parts,
                              const WinogradShape& shape, int64_t block, float* out) {
  const int64_t lanes = ChannelLanes(), taps = shape.taps * shape.taps;
  const int64_t outputs = weight.shape[shape.transposed ? 1 : 0];
  WinogradFilters filters{.output = taps * (shape.transposed ? 1 : weight.shape[1]),
                          .input = taps * (shape.transposed ? outputs : 1),
                          .used = std::min(lanes, outputs - block * lanes)};
  filters.weight = Floats(weight) + block * lanes * filters.output;
  HWY_DYNAMIC_DISPATCH(TransformFiltersSimd)
  (filters, parts, shape, out + block * lanes * shape.summed());
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
