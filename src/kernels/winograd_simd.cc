#include <algorithm>

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
void TransformInputSimd(const WinogradShape&, const WinogradInput&, int64_t, int64_t, float*,
                        const TransformedRows&) {}
void TransformFiltersSimd(const float*, int64_t, int64_t, std::span<const int64_t>, bool, int64_t,
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

// The points are 0, a, -a, b, -b and infinity. Roots of 1/2 and 2 lose the least of all that were
// tried (half of what 1 and 2 lose); but a doubled picture is 0 at the point -1.
template <bool kDoubled>
struct Points {
  static constexpr float kA2 = kDoubled ? 1.0f : 0.5f, kB2 = kDoubled ? 4.0f : 2.0f;
  static constexpr float kA = kDoubled ? 1.0f : 0.70710678118654752f;
  static constexpr float kB = kDoubled ? 2.0f : 1.4142135623730951f;
};

// Six vectors along a row or column, one a point.
struct Patch1d {
  V v0, v1, v2, v3, v4, v5;
};

// B^T d of one row or column.
template <bool kDoubled>
HWY_INLINE Patch1d TransformInput(const Patch1d& x) {
  using P = Points<kDoubled>;
  const D d;
  const V a = hn::Set(d, P::kA), b = hn::Set(d, P::kB);
  const V a2 = hn::Set(d, P::kA2), b2 = hn::Set(d, P::kB2);
  const V product = hn::Set(d, P::kA2 * P::kB2), sum = hn::Set(d, P::kA2 + P::kB2);
  const V even_a = hn::NegMulAdd(b2, x.v2, x.v4), odd_a = hn::NegMulAdd(b2, x.v1, x.v3);
  const V even_b = hn::NegMulAdd(a2, x.v2, x.v4), odd_b = hn::NegMulAdd(a2, x.v1, x.v3);
  return {hn::MulAdd(product, x.v0, hn::NegMulAdd(sum, x.v2, x.v4)),
          hn::MulAdd(a, odd_a, even_a),
          hn::NegMulAdd(a, odd_a, even_a),
          hn::MulAdd(b, odd_b, even_b),
          hn::NegMulAdd(b, odd_b, even_b),
          hn::MulAdd(product, x.v1, hn::NegMulAdd(sum, x.v3, x.v5))};
}

// A^T m of one row or column.
struct Result1d {
  V y0, y1, y2, y3;
};

template <bool kDoubled>
HWY_INLINE Result1d TransformOutput(const Patch1d& m) {
  using P = Points<kDoubled>;
  const D d;
  const V sum_a = hn::Add(m.v1, m.v2), difference_a = hn::Sub(m.v1, m.v2);
  const V sum_b = hn::Add(m.v3, m.v4), difference_b = hn::Sub(m.v3, m.v4);
  const V a = hn::Set(d, P::kA), b = hn::Set(d, P::kB);
  const V a2 = hn::Set(d, P::kA2), b2 = hn::Set(d, P::kB2);
  const V a3 = hn::Set(d, P::kA * P::kA2), b3 = hn::Set(d, P::kB * P::kB2);
  return {hn::Add(m.v0, hn::Add(sum_a, sum_b)),
          hn::MulAdd(b, difference_b, hn::Mul(a, difference_a)),
          hn::MulAdd(b2, sum_b, hn::Mul(a2, sum_a)),
          hn::MulAdd(b3, difference_b, hn::MulAdd(a3, difference_a, m.v5))};
}

// Transforms `count` channels of a patch. Column by column into `patch`, then row by row to
// v[frequency * pitch]. Frequencies that are 0 by construction are not written.
template <bool kDoubled>
void TransformPatch(const PatchPixels& pixels, int64_t channel, int64_t count, int64_t pitch,
                    float* HWY_RESTRICT patch, float* HWY_RESTRICT v) {
  const D d;
  constexpr int64_t kRow = kWinogradPatch * kWinogradChunk;
  for (size_t x = 0; x < kWinogradPatch; ++x) {
    const float* p0 = pixels[x] + channel;
    const float* p1 = pixels[x + 6] + channel;
    const float* p2 = pixels[x + 12] + channel;
    const float* p3 = pixels[x + 18] + channel;
    const float* p4 = pixels[x + 24] + channel;
    const float* p5 = pixels[x + 30] + channel;
    float* to = patch + static_cast<int64_t>(x) * kWinogradChunk;
    for (int64_t c = 0; c < count; c += kLanes) {
      const Patch1d t = TransformInput<kDoubled>({hn::LoadU(d, p0 + c), hn::LoadU(d, p1 + c),
                                                  hn::LoadU(d, p2 + c), hn::LoadU(d, p3 + c),
                                                  hn::LoadU(d, p4 + c), hn::LoadU(d, p5 + c)});
      hn::StoreU(t.v0, d, to + c);
      hn::StoreU(t.v1, d, to + kRow + c);
      if constexpr (!kDoubled) hn::StoreU(t.v2, d, to + 2 * kRow + c);
      hn::StoreU(t.v3, d, to + 3 * kRow + c);
      hn::StoreU(t.v4, d, to + 4 * kRow + c);
      hn::StoreU(t.v5, d, to + 5 * kRow + c);
    }
  }
  for (int64_t y = 0; y < kWinogradPatch; ++y) {
    if (kDoubled && y == 2) continue;
    const float* from = patch + y * kRow;
    float* to = v + y * kWinogradPatch * pitch;
    for (int64_t c = 0; c < count; c += kLanes) {
      const Patch1d t = TransformInput<kDoubled>(
          {hn::LoadU(d, from + c), hn::LoadU(d, from + kWinogradChunk + c),
           hn::LoadU(d, from + 2 * kWinogradChunk + c), hn::LoadU(d, from + 3 * kWinogradChunk + c),
           hn::LoadU(d, from + 4 * kWinogradChunk + c),
           hn::LoadU(d, from + 5 * kWinogradChunk + c)});
      hn::StoreU(t.v0, d, to + c);
      hn::StoreU(t.v1, d, to + pitch + c);
      if constexpr (!kDoubled) hn::StoreU(t.v2, d, to + 2 * pitch + c);
      hn::StoreU(t.v3, d, to + 3 * pitch + c);
      hn::StoreU(t.v4, d, to + 4 * pitch + c);
      hn::StoreU(t.v5, d, to + 5 * pitch + c);
    }
  }
}

// Those inputs of a job that are not transformed, side by side in V.
template <bool kDoubled>
HWY_NOINLINE void TransformTiles(const WinogradJob& job, const WinogradScratch& scratch,
                                 int64_t channels) {
  const float* zeros = job.scratch + scratch.zeros;
  float* patch = job.scratch + scratch.patch;
  for (int64_t t = 0; t < job.count; ++t) {
    float* v = job.scratch + scratch.v + t * channels;
    for (const WinogradInput& input : job.inputs) {
      if (input.transformed.data != nullptr) continue;
      const PatchPixels pixels = PixelsOfPatch(job.shape, input.rows, job.first + t, zeros);
      for (int64_t c = 0; c < input.channels; c += kWinogradChunk) {
        const int64_t count = std::min(kWinogradChunk, input.channels - c);
        TransformPatch<kDoubled>(pixels, c, count, scratch.v_pitch, patch, v + c);
      }
      v += input.channels;
    }
  }
}

// Channels of V that stand side by side: tile t at v + t * stride.
struct Part {
  const float* v;
  int64_t channels, stride;
};

struct Parts {
  Part part[kWinogradMostInputs];
  size_t count = 0;
};

// m[tile][output] = sum over inputs of u[input][output] v[tile][input], for kUsed vectors of
// outputs and kMany tiles from `tile` on.
template <int64_t kUsed, int64_t kMany>
HWY_INLINE void Multiply(const float* HWY_RESTRICT u, int64_t panel, const Parts& parts,
                         int64_t tile, float* HWY_RESTRICT m, int64_t outputs) {
  const D d;
  V sums[kMany][kUsed];
#pragma GCC unroll 8
  for (int64_t t = 0; t < kMany; ++t) {
#pragma GCC unroll 4
    for (int64_t b = 0; b < kUsed; ++b) sums[t][b] = hn::Zero(d);
  }
  for (size_t p = 0; p < parts.count; ++p) {
    const int64_t channels = parts.part[p].channels, stride = parts.part[p].stride;
    const float* HWY_RESTRICT v = parts.part[p].v + tile * stride;
    for (int64_t i = 0; i < channels; ++i, u += kLanes) {
      V filters[kUsed];
#pragma GCC unroll 4
      for (int64_t b = 0; b < kUsed; ++b) filters[b] = hn::LoadU(d, u + b * panel);
#pragma GCC unroll 8
      for (int64_t t = 0; t < kMany; ++t) {
        const V x = hn::Set(d, v[t * stride + i]);
#pragma GCC unroll 4
        for (int64_t b = 0; b < kUsed; ++b) sums[t][b] = hn::MulAdd(filters[b], x, sums[t][b]);
      }
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
HWY_NOINLINE void MultiplyAll(const float* u, int64_t panel, const Parts& parts, int64_t tiles,
                              float* m, int64_t outputs) {
  int64_t t = 0;
  for (; t + kTiles <= tiles; t += kTiles) {
    Multiply<kUsed, kTiles>(u, panel, parts, t, m + t * outputs, outputs);
  }
  if (t + 4 <= tiles) {
    Multiply<kUsed, 4>(u, panel, parts, t, m + t * outputs, outputs);
    t += 4;
  }
  if (t + 2 <= tiles) {
    Multiply<kUsed, 2>(u, panel, parts, t, m + t * outputs, outputs);
    t += 2;
  }
  if (t < tiles) Multiply<kUsed, 1>(u, panel, parts, t, m + t * outputs, outputs);
}

// Some tiles of one frequency: all outputs.
void MultiplyTiles(const WinogradShape& shape, const float* u, const Parts& parts, int64_t tiles,
                   float* m) {
  const int64_t inputs = shape.inputs, outputs = shape.outputs, panel = inputs * kLanes;
  int64_t o = 0;
  for (; o + kBlocks * kLanes <= outputs; o += kBlocks * kLanes) {
    MultiplyAll<kBlocks>(u + o * inputs, panel, parts, tiles, m + o, outputs);
  }
  if (kBlocks > 2 && o + 2 * kLanes <= outputs) {
    MultiplyAll<2>(u + o * inputs, panel, parts, tiles, m + o, outputs);
    o += 2 * kLanes;
  }
  for (; o < outputs; o += kLanes) {
    MultiplyAll<1>(u + o * inputs, panel, parts, tiles, m + o, outputs);
  }
}

// The parts that `begin`, a tile of the job, and those after it in its row read at a frequency.
Parts PartsAt(const WinogradJob& job, const float* own, int64_t channels, int64_t f,
              int64_t begin) {
  const int64_t tile = job.first + begin, across = job.shape.TilesAcross();
  Parts parts;
  own += begin * channels;
  bool own_before = false;
  for (const WinogradInput& input : job.inputs) {
    const TransformedRows& from = input.transformed;
    if (from.data != nullptr) {
      parts.part[parts.count++] = {
          from.Row(tile / across) + f * from.pitch + tile % across * input.channels, input.channels,
          input.channels};
    } else if (own_before) {
      parts.part[parts.count - 1].channels += input.channels;
    } else {
      parts.part[parts.count++] = {own, input.channels, channels};
    }
    own_before = from.data == nullptr;
    if (own_before) own += input.channels;
  }
  return parts;
}

// One frequency. Where inputs come transformed, row of tiles by row of tiles.
void MultiplyFrequency(const WinogradJob& job, const WinogradScratch& scratch, int64_t channels,
                       int64_t f) {
  const int64_t across = job.shape.TilesAcross();
  const float* u = job.filter + f * WinogradPitch(job.shape.inputs * job.shape.outputs);
  const float* v = job.scratch + scratch.v + f * scratch.v_pitch;
  float* m = job.scratch + scratch.m + f * scratch.m_pitch;
  const bool by_rows = channels < job.shape.inputs;
  for (int64_t begin = 0; begin < job.count;) {
    const int64_t left = across - (job.first + begin) % across;
    const int64_t tiles = by_rows ? std::min(left, job.count - begin) : job.count;
    MultiplyTiles(job.shape, u, PartsAt(job, v, channels, f, begin), tiles,
                  m + begin * job.shape.outputs);
    begin += tiles;
  }
}

// Loads 6 of M; what is 0 by construction is nowhere to be loaded.
template <bool kDoubled>
HWY_INLINE Patch1d LoadSix(const float* from, int64_t step) {
  const D d;
  return {hn::LoadU(d, from),
          hn::LoadU(d, from + step),
          kDoubled ? hn::Zero(d) : hn::LoadU(d, from + 2 * step),
          hn::LoadU(d, from + 3 * step),
          hn::LoadU(d, from + 4 * step),
          hn::LoadU(d, from + 5 * step)};
}

// A tile of M to 4x4 pixels with their bias, at result[(y * 4 + x) * outputs].
template <bool kDoubled>
void TransformResult(const float* HWY_RESTRICT m, int64_t pitch, int64_t outputs,
                     const float* HWY_RESTRICT bias, float* HWY_RESTRICT patch,
                     float* HWY_RESTRICT result) {
  const D d;
  constexpr int64_t kRow = kWinogradPatch * kWinogradChunk;
  for (int64_t begin = 0; begin < outputs; begin += kWinogradChunk) {
    const int64_t count = std::min(kWinogradChunk, outputs - begin);
    for (int64_t x = 0; x < kWinogradPatch; ++x) {
      if (kDoubled && x == 2) continue;
      const float* from = m + x * pitch + begin;
      float* to = patch + x * kWinogradChunk;
      for (int64_t c = 0; c < count; c += kLanes) {
        const Result1d r =
            TransformOutput<kDoubled>(LoadSix<kDoubled>(from + c, kWinogradPatch * pitch));
        hn::StoreU(r.y0, d, to + c);
        hn::StoreU(r.y1, d, to + kRow + c);
        hn::StoreU(r.y2, d, to + 2 * kRow + c);
        hn::StoreU(r.y3, d, to + 3 * kRow + c);
      }
    }
    for (int64_t y = 0; y < kWinogradTile; ++y) {
      const float* from = patch + y * kRow;
      float* to = result + y * kWinogradTile * outputs + begin;
      for (int64_t c = 0; c < count; c += kLanes) {
        const Result1d r = TransformOutput<kDoubled>(LoadSix<kDoubled>(from + c, kWinogradChunk));
        const V b = hn::LoadU(d, bias + begin + c);
        hn::StoreU(hn::Add(r.y0, b), d, to + c);
        hn::StoreU(hn::Add(r.y1, b), d, to + outputs + c);
        hn::StoreU(hn::Add(r.y2, b), d, to + 2 * outputs + c);
        hn::StoreU(hn::Add(r.y3, b), d, to + 3 * outputs + c);
      }
    }
  }
}

template <bool kDoubled>
HWY_NOINLINE void WriteTiles(const WinogradJob& job, const WinogradScratch& scratch) {
  const WinogradShape& shape = job.shape;
  float* result = job.scratch + scratch.result;
  for (int64_t t = 0; t < job.count; ++t) {
    TransformResult<kDoubled>(job.scratch + scratch.m + t * shape.outputs, scratch.m_pitch,
                              shape.outputs, job.bias, job.scratch + scratch.patch, result);
    const int64_t tile = job.first + t;
    const int64_t tile_row = tile / shape.TilesAcross();
    const int64_t y = tile_row % shape.TilesDown() * kWinogradTile;
    const int64_t first_row = tile_row / shape.TilesDown() * shape.out_height;
    const int64_t x = tile % shape.TilesAcross() * kWinogradTile;
    const int64_t rows = std::min(kWinogradTile, shape.out_height - y);
    const int64_t columns = std::min(kWinogradTile, shape.out_width - x);
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t row = first_row + y + i;
      pixel_ops::Apply(job.ops, result + i * kWinogradTile * shape.outputs, shape.outputs, row, x,
                       columns, job.out.At(row, x));
    }
  }
}

// Rows and columns of frequencies that are 0 for a doubled picture.
bool IsZero(const WinogradShape& shape, int64_t frequency) {
  return shape.doubled && (frequency / kWinogradPatch == 2 || frequency % kWinogradPatch == 2);
}

}  // namespace

void RunWinogradSimd(const WinogradJob& job) {
  int64_t channels = 0;  // that are to be transformed here
  for (const WinogradInput& input : job.inputs) {
    if (input.transformed.data == nullptr) channels += input.channels;
  }
  const WinogradScratch scratch =
      WinogradScratchOf(job.shape, job.count, job.shape.inputs - channels);
  std::fill_n(job.scratch + scratch.zeros, job.shape.inputs, 0.0f);
  if (job.shape.doubled) {
    TransformTiles<true>(job, scratch, channels);
  } else {
    TransformTiles<false>(job, scratch, channels);
  }
  for (int64_t f = 0; f < kWinogradFrequencies; ++f) {
    if (!IsZero(job.shape, f)) MultiplyFrequency(job, scratch, channels, f);
  }
  if (job.shape.doubled) {
    WriteTiles<true>(job, scratch);
  } else {
    WriteTiles<false>(job, scratch);
  }
}

void TransformInputSimd(const WinogradShape& shape, const WinogradInput& input, int64_t first,
                        int64_t tiles, float* scratch, const TransformedRows& out) {
  const int64_t across = shape.TilesAcross();
  float* zeros = scratch + WinogradPitch(kWinogradFrequencies * kWinogradChunk);
  std::fill_n(zeros, input.channels, 0.0f);
  for (int64_t tile = first; tile < first + tiles; ++tile) {
    const PatchPixels pixels = PixelsOfPatch(shape, input.rows, tile, zeros);
    float* v = out.Row(tile / across) + tile % across * input.channels;
    for (int64_t c = 0; c < input.channels; c += kWinogradChunk) {
      const int64_t count = std::min(kWinogradChunk, input.channels - c);
      TransformPatch<false>(pixels, c, count, out.pitch, scratch, v + c);
    }
  }
}

namespace {

// G g of one row or column: the filter at the points, over the product of their differences.
template <bool kDoubled>
HWY_INLINE Patch1d TransformFilter(V g0, V g1, V g2) {
  using P = Points<kDoubled>;
  const D d;
  constexpr float kNa = 1 / (2 * P::kA2 * (P::kA2 - P::kB2));
  constexpr float kNb = 1 / (2 * P::kB2 * (P::kB2 - P::kA2));
  const V even_a = hn::Mul(hn::Set(d, kNa), hn::MulAdd(hn::Set(d, P::kA2), g2, g0));
  const V even_b = hn::Mul(hn::Set(d, kNb), hn::MulAdd(hn::Set(d, P::kB2), g2, g0));
  const V odd_a = hn::Mul(hn::Set(d, kNa * P::kA), g1);
  const V odd_b = hn::Mul(hn::Set(d, kNb * P::kB), g1);
  return {hn::Mul(hn::Set(d, 1 / (P::kA2 * P::kB2)), g0),
          hn::Add(even_a, odd_a),
          hn::Sub(even_a, odd_a),
          hn::Add(even_b, odd_b),
          hn::Sub(even_b, odd_b),
          g2};
}

HWY_INLINE void StoreSix(const Patch1d& v, float* to, int64_t step) {
  const D d;
  hn::StoreU(v.v0, d, to);
  hn::StoreU(v.v1, d, to + step);
  hn::StoreU(v.v2, d, to + 2 * step);
  hn::StoreU(v.v3, d, to + 3 * step);
  hn::StoreU(v.v4, d, to + 4 * step);
  hn::StoreU(v.v5, d, to + 5 * step);
}

// One input of kLanes outputs, taps[9][kLanes], to u[frequency * pitch].
template <bool kDoubled>
void TransformTaps(const float* taps, int64_t pitch, float* u) {
  const D d;
  HWY_ALIGN float columns[3 * kWinogradPatch * kLanes];
  for (int64_t x = 0; x < 3; ++x) {
    const float* tap = taps + x * kLanes;
    StoreSix(TransformFilter<kDoubled>(hn::LoadU(d, tap), hn::LoadU(d, tap + 3 * kLanes),
                                       hn::LoadU(d, tap + 6 * kLanes)),
             columns + x * kLanes, 3 * kLanes);
  }
  for (int64_t y = 0; y < kWinogradPatch; ++y) {
    const float* from = columns + y * 3 * kLanes;
    StoreSix(TransformFilter<kDoubled>(hn::LoadU(d, from), hn::LoadU(d, from + kLanes),
                                       hn::LoadU(d, from + 2 * kLanes)),
             u + y * kWinogradPatch * pitch, pitch);
  }
}

}  // namespace

// `used` outputs from `weight` on, `stride` floats apart; u points to their panel.
void TransformFiltersSimd(const float* weight, int64_t stride, int64_t used,
                          std::span<const int64_t> parts, bool doubled, int64_t pitch, float* u) {
  HWY_ALIGN float taps[9 * kLanes] = {};
  for (const int64_t part : parts) {
    const int64_t padded = (part + kLanes - 1) / kLanes * kLanes;
    for (int64_t i = 0; i < padded; ++i, u += kLanes) {
      if (i >= part) {
        for (int64_t f = 0; f < kWinogradFrequencies; ++f) std::fill_n(u + f * pitch, kLanes, 0.0f);
        continue;
      }
      for (int64_t o = 0; o < used; ++o) {
        for (int64_t tap = 0; tap < 9; ++tap) taps[tap * kLanes + o] = weight[o * stride + tap];
      }
      doubled ? TransformTaps<true>(taps, pitch, u) : TransformTaps<false>(taps, pitch, u);
      weight += 9;
    }
  }
}
#endif  // HWY_HAVE_SCALABLE

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(RunWinogradSimd);
HWY_EXPORT(TransformInputSimd);
HWY_EXPORT(TransformFiltersSimd);

void RunWinograd(const WinogradJob& job) { HWY_DYNAMIC_DISPATCH(RunWinogradSimd)(job); }

void TransformWinogradInput(const WinogradShape& shape, const WinogradInput& input, int64_t first,
                            int64_t count, float* scratch, const TransformedRows& out) {
  HWY_DYNAMIC_DISPATCH(TransformInputSimd)(shape, input, first, count, scratch, out);
}

void TransformWinogradFilters(const ConstTensorView& weight, std::span<const int64_t> parts,
                              bool doubled, int64_t block, float* out) {
  const int64_t lanes = ChannelLanes();
  const int64_t outputs = weight.shape[0], stride = weight.shape[1] * 9;
  int64_t inputs = 0;
  for (const int64_t part : parts) inputs += (part + lanes - 1) / lanes * lanes;
  const int64_t padded = (outputs + lanes - 1) / lanes * lanes;
  HWY_DYNAMIC_DISPATCH(TransformFiltersSimd)
  (Floats(weight) + block * lanes * stride, stride, std::min(lanes, outputs - block * lanes), parts,
   doubled, WinogradPitch(inputs * padded), out + block * lanes * inputs);
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
