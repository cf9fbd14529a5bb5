#include <algorithm>

#include "hwy/cache_control.h"
#include "kernels/winograd_layout.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/winograd_simd.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/pixel_ops-inl.h"
#include "kernels/winograd_transforms-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
#if HWY_HAVE_SCALABLE
// Vectors that cannot stand in arrays: ChannelLanes() is 0, and nothing comes here.
void RunWinogradSimd(const WinogradJob&) {}
#else
namespace {

using namespace winograd;  // NOLINT(google-build-using-namespace): of this target

// Sums of 6 tiles in 2 or 4 vectors of outputs: 12 of the 16 registers of AVX2, 24 of the 32 of
// AVX-512. Both hide the latency of FMA (4 cycles x 2 a cycle need 8).
constexpr int64_t kTiles = 6;
#if HWY_TARGET <= HWY_AVX3
constexpr int64_t kBlocks = 4;
#else
constexpr int64_t kBlocks = 2;
#endif

// Transforms `count` channels of a patch. Column by column into `patch`, then row by row to
// numbers [at, at + count) of the slices at v[frequency * pitch].
template <class S, WinogradNumbers kNumbers>
void TransformPatch(const PatchPixels& pixels, int64_t channel, int64_t count, int64_t pitch,
                    float* HWY_RESTRICT patch, float* v, int64_t at) {
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
    float* slices = v + y * S::kPatch * pitch;
    for (int64_t c = 0; c < count; c += kLanes) {
      Line<S> line;
#pragma GCC unroll 8
      for (int x = 0; x < S::kPatch; ++x) line.v[x] = hn::LoadU(D(), from + x * kWinogradChunk + c);
      StoreNumbers<kNumbers>(TransformInput<S>(line), slices, at + c, pitch);
    }
  }
}

// Some of the channels that are summed for a phase: those of all inputs side by side, once for each
// move.
struct Block {
  int64_t phase = 0;
  int64_t begin = 0, count = 0;
};

template <class S, WinogradNumbers kNumbers>
HWY_NOINLINE void TransformTiles(const WinogradJob& job, const WinogradScratch& scratch,
                                 const Block& block) {
  const float* zeros = job.scratch + scratch.zeros;
  float* patch = job.scratch + scratch.patch;
  for (int64_t t = 0; t < job.count; ++t) {
    float* v = job.scratch + scratch.v + t * job.shape.Slots(block.count);
    int64_t first = -block.begin;  // channel of the block at which the input begins
    for (int64_t move = 0; first < block.count; ++move) {
      for (const WinogradInput& input : job.inputs) {
        const int64_t begin = std::max<int64_t>(0, -first);
        const int64_t end = std::min(input.channels, block.count - first);
        if (begin < end) {
          const PatchPixels pixels = PixelsOfPatch(job.shape, input.rows, job.first + t,
                                                   ViewOf(job.shape, block.phase, move), zeros);
          for (int64_t c = begin; c < end; c += kWinogradChunk) {
            TransformPatch<S, kNumbers>(pixels, c, std::min(kWinogradChunk, end - c),
                                        scratch.v_pitch, patch, v, first + c);
          }
        }
        first += input.channels;
      }
    }
  }
}

// The inputs' channels that a product is summed over, or their pairs: `panel` floats of filters for
// each vector of outputs. It goes on with what M holds, but for the first block.
struct Operands {
  const float* u;
  const float* v;
  int64_t panel, slots;
  bool first;
};

template <bool kPairs>
HWY_INLINE V MultiplyAdd(V u, V v, V sums) {
  if constexpr (kPairs) {
    return Dot(hn::BitCast(Bits(), u), hn::BitCast(Bits(), v), sums);
  } else {
    return hn::MulAdd(u, v, sums);
  }
}

// m[tile][output] = sum over inputs of u[input][output] v[tile][input], for kUsed vectors of
// outputs and kMany tiles from `tile` on.
template <bool kPairs, int64_t kUsed, int64_t kMany>
HWY_INLINE void Multiply(const Operands& operands, int64_t tile, float* HWY_RESTRICT m,
                         int64_t outputs) {
  const D d;
  const int64_t slots = operands.slots, panel = operands.panel;
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
  const float* HWY_RESTRICT v = operands.v + tile * slots;
  for (int64_t i = 0; i < slots; ++i, u += kLanes) {
    V filters[kUsed];
#pragma GCC unroll 4
    for (int64_t b = 0; b < kUsed; ++b) filters[b] = hn::LoadU(d, u + b * panel);
#pragma GCC unroll 8
    for (int64_t t = 0; t < kMany; ++t) {
      const V x = hn::Set(d, v[t * slots + i]);
#pragma GCC unroll 4
      for (int64_t b = 0; b < kUsed; ++b) {
        sums[t][b] = MultiplyAdd<kPairs>(filters[b], x, sums[t][b]);
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
template <bool kPairs, int64_t kUsed>
HWY_NOINLINE void MultiplyAll(const Operands& operands, int64_t tiles, float* m, int64_t outputs) {
  int64_t t = 0;
  for (; t + kTiles <= tiles; t += kTiles) {
    Multiply<kPairs, kUsed, kTiles>(operands, t, m + t * outputs, outputs);
  }
  if (t + 4 <= tiles) {
    Multiply<kPairs, kUsed, 4>(operands, t, m + t * outputs, outputs);
    t += 4;
  }
  if (t + 2 <= tiles) {
    Multiply<kPairs, kUsed, 2>(operands, t, m + t * outputs, outputs);
    t += 2;
  }
  if (t < tiles) Multiply<kPairs, kUsed, 1>(operands, t, m + t * outputs, outputs);
}

// One frequency: all outputs.
template <bool kPairs>
void MultiplyFrequency(const WinogradJob& job, const WinogradScratch& scratch, const Block& block,
                       int64_t f) {
  const int64_t summed = job.shape.Slots(job.shape.summed()), outputs = job.shape.outputs;
  const float* u = job.filter + block.phase * WinogradPhaseFloats(job.shape) +
                   f * WinogradPitch(summed * outputs) + job.shape.Slots(block.begin) * kLanes;
  const float* v = job.scratch + scratch.v + f * scratch.v_pitch;
  float* m = job.scratch + scratch.m + f * scratch.m_pitch;
  const auto from = [&](int64_t o) -> Operands {
    return {u + o * summed, v, summed * kLanes, job.shape.Slots(block.count), block.begin == 0};
  };
  int64_t o = 0;
  for (; o + kBlocks * kLanes <= outputs; o += kBlocks * kLanes) {
    MultiplyAll<kPairs, kBlocks>(from(o), job.count, m + o, outputs);
  }
  if (kBlocks > 2 && o + 2 * kLanes <= outputs) {
    MultiplyAll<kPairs, 2>(from(o), job.count, m + o, outputs);
    o += 2 * kLanes;
  }
  for (; o < outputs; o += kLanes) MultiplyAll<kPairs, 1>(from(o), job.count, m + o, outputs);
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

template <class S, WinogradNumbers kNumbers>
void RunTilesOf(const WinogradJob& job) {
  const WinogradScratch scratch = WinogradScratchOf(job.shape, job.count);
  std::fill_n(job.scratch + scratch.zeros, job.shape.inputs, 0.0f);
  const int64_t at_a_time = WinogradInputsAtATime(job.shape), all = job.shape.summed();
  for (int64_t phase = 0; phase < job.shape.phases(); ++phase) {
    for (int64_t begin = 0; begin < all; begin += at_a_time) {
      const Block block{phase, begin, std::min(at_a_time, all - begin)};
      TransformTiles<S, kNumbers>(job, scratch, block);
      for (int64_t f = 0; f < job.shape.frequencies(); ++f) {
        if (f / S::kPatch == S::kZero || f % S::kPatch == S::kZero) continue;
        MultiplyFrequency<kNumbers == WinogradNumbers::kPairs>(job, scratch, block, f);
      }
    }
    WriteTiles<S>(job, scratch, phase);
  }
}

template <class S>
void RunTiles(const WinogradJob& job) {
  switch (job.shape.numbers) {
    case WinogradNumbers::kFloat: return RunTilesOf<S, WinogradNumbers::kFloat>(job);
    case WinogradNumbers::kRounded: return RunTilesOf<S, WinogradNumbers::kRounded>(job);
    case WinogradNumbers::kPairs:
      if constexpr (kMayHavePairs) RunTilesOf<S, WinogradNumbers::kPairs>(job);
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

#endif  // HWY_HAVE_SCALABLE

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(RunWinogradSimd);

void RunWinograd(const WinogradJob& job) { HWY_DYNAMIC_DISPATCH(RunWinogradSimd)(job); }

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
