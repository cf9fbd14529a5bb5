#include <algorithm>

#include "kernels/correlate_tiles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/correlate_tile_simd.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
namespace {

// 4 outputs x 3 vectors: 12 sums in registers hide the latency of FMA (4 cycles x 2 a cycle need
// 8), and leave 4 of the 16 registers of AVX2 for 3 inputs and a weight.
constexpr int kVectors = 3;
constexpr int64_t kOutputs = TapFilter::kOutputBlock;
static_assert(kOutputs == 4);

// Input channels that are gone through for the whole tile before the next ones come. Three rows of
// so few channels stay in L1 from one row of outputs to the next, even in half of it when another
// thread shares the core; the price is that the sums are loaded and stored once per chunk.
constexpr int64_t kChunkProducts = 72;  // channels x taps
int64_t ChunkOf(const TileJob& job) { return std::max<int64_t>(8, kChunkProducts / job.taps); }

// Some input channels of one block of outputs.
struct Chunk {
  const float* copy;
  const float* weights;
  int64_t inputs;
  const float* bias;  // of the 4 outputs for the first chunk, else nullptr: the sums go on
};

// Adds a chunk to the sums of 4 outputs at the `kUsed` vectors that begin at `begin`. Vector v of
// output o stands at sums[(o * kVectors + v) * lanes].
template <int kUsed>
void Accumulate(const TileJob& job, const Chunk& chunk, int64_t begin, float* HWY_RESTRICT sums) {
  const Floats32 d;
  const size_t lanes = hn::Lanes(d);
  const auto start = [&](int64_t output, int vector) HWY_ATTR {
    return chunk.bias != nullptr
               ? hn::Set(d, chunk.bias[output])
               : hn::LoadU(d, sums + static_cast<size_t>(output * kVectors + vector) * lanes);
  };
  auto a0 = start(0, 0), a1 = kUsed > 1 ? start(0, 1) : a0, a2 = kUsed > 2 ? start(0, 2) : a0;
  auto b0 = start(1, 0), b1 = kUsed > 1 ? start(1, 1) : b0, b2 = kUsed > 2 ? start(1, 2) : b0;
  auto c0 = start(2, 0), c1 = kUsed > 1 ? start(2, 1) : c0, c2 = kUsed > 2 ? start(2, 2) : c0;
  auto d0 = start(3, 0), d1 = kUsed > 1 ? start(3, 1) : d0, d2 = kUsed > 2 ? start(3, 2) : d0;
  const float* HWY_RESTRICT copy = chunk.copy + begin;
  const float* HWY_RESTRICT weights = chunk.weights;
  for (int64_t input = 0; input < chunk.inputs; ++input, copy += job.channel) {
    for (int64_t tap = 0; tap < job.taps; ++tap, weights += kOutputs) {
      const float* from = copy + job.offsets[tap];
      const auto x0 = hn::LoadU(d, from);
      const auto x1 = kUsed > 1 ? hn::LoadU(d, from + lanes) : x0;
      const auto x2 = kUsed > 2 ? hn::LoadU(d, from + 2 * lanes) : x0;
      const auto wa = hn::Set(d, weights[0]);
      a0 = hn::MulAdd(wa, x0, a0);
      if constexpr (kUsed > 1) a1 = hn::MulAdd(wa, x1, a1);
      if constexpr (kUsed > 2) a2 = hn::MulAdd(wa, x2, a2);
      const auto wb = hn::Set(d, weights[1]);
      b0 = hn::MulAdd(wb, x0, b0);
      if constexpr (kUsed > 1) b1 = hn::MulAdd(wb, x1, b1);
      if constexpr (kUsed > 2) b2 = hn::MulAdd(wb, x2, b2);
      const auto wc = hn::Set(d, weights[2]);
      c0 = hn::MulAdd(wc, x0, c0);
      if constexpr (kUsed > 1) c1 = hn::MulAdd(wc, x1, c1);
      if constexpr (kUsed > 2) c2 = hn::MulAdd(wc, x2, c2);
      const auto wd = hn::Set(d, weights[3]);
      d0 = hn::MulAdd(wd, x0, d0);
      if constexpr (kUsed > 1) d1 = hn::MulAdd(wd, x1, d1);
      if constexpr (kUsed > 2) d2 = hn::MulAdd(wd, x2, d2);
    }
  }
  const auto store = [&](auto v0, auto v1, auto v2, size_t output) HWY_ATTR {
    float* to = sums + output * kVectors * lanes;
    hn::StoreU(v0, d, to);
    if constexpr (kUsed > 1) hn::StoreU(v1, d, to + lanes);
    if constexpr (kUsed > 2) hn::StoreU(v2, d, to + 2 * lanes);
  };
  store(a0, a1, a2, 0);
  store(b0, b1, b2, 1);
  store(c0, c1, c2, 2);
  store(d0, d1, d2, 3);
}

// Where a stretch of the tile's flat run goes: it begins in this row and column.
struct Stretch {
  int64_t begin, end, row, column;
};

// Writes the sums of one output, dropping those past the end of a row.
void Scatter(const TileJob& job, const Stretch& stretch, const float* sums, float* out) {
  const Floats32 d;
  const int64_t lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t row = stretch.row, column = stretch.column;
  for (int64_t at = stretch.begin; at < stretch.end; ++row, column = 0) {
    const int64_t count = std::min(stretch.end - at, job.columns - column);
    float* to = out + row * job.out_row + column * job.out_column;
    const float* from = sums + (at - stretch.begin);
    int64_t i = 0;
    if (job.out_column == 1) {
      for (; i + lanes <= count; i += lanes) hn::StoreU(hn::LoadU(d, from + i), d, to + i);
    }
    for (; i < count; ++i) to[i * job.out_column] = from[i];
    at += job.pitch - column;
  }
}

// Adds a chunk to the sums of the whole tile.
void AccumulateTile(const TileJob& job, const Chunk& chunk, int64_t length) {
  const Floats32 d;
  const int64_t step = kVectors * static_cast<int64_t>(hn::Lanes(d));
  for (int64_t begin = 0; begin < length; begin += step) {
    float* sums = job.sums + begin * kOutputs;
    const int64_t left = (length - begin) * kVectors;
    if (left > 2 * step) {
      Accumulate<3>(job, chunk, begin, sums);
    } else if (left > step) {
      Accumulate<2>(job, chunk, begin, sums);
    } else {
      Accumulate<1>(job, chunk, begin, sums);
    }
  }
}

}  // namespace

void CorrelateTileSimd(const TileJob& job) {
  const Floats32 d;
  const int64_t step = kVectors * static_cast<int64_t>(hn::Lanes(d));
  const int64_t length = (job.rows - 1) * job.pitch + job.columns;
  const int64_t chunk_inputs = ChunkOf(job);
  for (int64_t output = 0; output < job.outputs; output += kOutputs) {
    const int64_t used = std::min(kOutputs, job.outputs - output);
    float bias[kOutputs] = {};
    if (job.bias != nullptr) std::copy_n(job.bias + output, used, bias);
    for (int64_t input = 0; input < job.inputs; input += chunk_inputs) {
      const Chunk chunk{job.copy + input * job.channel,
                        job.weights + (output * job.inputs + input * kOutputs) * job.taps,
                        std::min(chunk_inputs, job.inputs - input), input == 0 ? bias : nullptr};
      AccumulateTile(job, chunk, length);
    }
    for (int64_t begin = 0; begin < length; begin += step) {
      const Stretch stretch{begin, std::min(length, begin + step), begin / job.pitch,
                            begin % job.pitch};
      for (int64_t i = 0; i < used; ++i) {
        Scatter(job, stretch, job.sums + begin * kOutputs + i * step,
                job.out + (output + i) * job.out_channel);
      }
    }
  }
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(CorrelateTileSimd);

void CorrelateTile(const TileJob& job) { HWY_DYNAMIC_DISPATCH(CorrelateTileSimd)(job); }

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
