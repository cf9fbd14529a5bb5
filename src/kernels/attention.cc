#include "kernels/attention.h"

#include <algorithm>

#include "base/error.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/attention.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "hwy/contrib/math/math-inl.h"
#include "kernels/map-inl.h"

// Once, not once per target.
#ifndef GAN_KERNELS_ATTENTION_BLOCK_
#define GAN_KERNELS_ATTENTION_BLOCK_
namespace gan::core::kernels {

// Positions of the picture that are worked on together, side by side in vectors: two of the widest
// there are.
inline constexpr int64_t kBlock = 32;
// Sums kept in registers at once: two FMA units with a latency of four.
inline constexpr int64_t kSums = 8;

// One picture's block: `queries` and `scores` are rows of kBlock floats in the workspace.
struct AttentionBlock {
  const float* queries;  // [query_channels, kBlock]
  const float* keys;     // [query_channels, positions]
  const float* values;   // [value_channels, positions]
  float* scores;         // [positions, kBlock]
  float* out;            // value_channels rows, `out_stride` apart
  int64_t query_channels, positions, value_channels;
  int64_t out_stride;
  int64_t length;  // positions of this block, up to kBlock
  float scale;
};

}  // namespace gan::core::kernels
#endif  // GAN_KERNELS_ATTENTION_BLOCK_

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
namespace {

// sums[s] = sum over t of factors[s * factor_stride + t * term_stride] * rows[t * kBlock ...], one
// vector of the block.
template <int64_t count>
void SumProducts(const float* factors, int64_t factor_stride, int64_t term_stride,
                 const float* rows, int64_t terms, hn::VFromD<Floats32>* sums) {
  const Floats32 d;
  for (int64_t s = 0; s < count; ++s) sums[s] = hn::Zero(d);
  for (int64_t t = 0; t < terms; ++t) {
    const auto row = hn::Load(d, rows + t * kBlock);
    const float* factor = factors + t * term_stride;
    for (int64_t s = 0; s < count; ++s) {
      sums[s] = hn::MulAdd(hn::Set(d, factor[s * factor_stride]), row, sums[s]);
    }
  }
}

// e^x for x at most 0, at least the smallest float. Highway gives 0 for NaN, and the portable
// target must not convert it to an integer: it gets a number in its place, and the NaN is put back.
template <class V>
V ExpOfNegative(Floats32 d, V x) {
  const auto number = hn::Eq(x, x);
  const V bounded = hn::Max(hn::IfThenElseZero(number, x), hn::Set(d, -103.0f));
  return hn::IfThenElse(number, hn::Exp(d, bounded), x);
}

template <int64_t count>
void ScoresOf(const AttentionBlock& block, int64_t position, size_t lane) {
  const Floats32 d;
  hn::VFromD<Floats32> sums[count];
  SumProducts<count>(block.keys + position, 1, block.positions, block.queries + lane,
                     block.query_channels, sums);
  for (int64_t s = 0; s < count; ++s) {
    hn::Store(hn::Mul(sums[s], hn::Set(d, block.scale)), d,
              block.scores + (position + s) * kBlock + static_cast<int64_t>(lane));
  }
}

template <int64_t count>
void ValuesOf(const AttentionBlock& block, int64_t channel, size_t lane,
              hn::VFromD<Floats32> total) {
  const Floats32 d;
  hn::VFromD<Floats32> sums[count];
  SumProducts<count>(block.values + channel * block.positions, block.positions, 1,
                     block.scores + lane, block.positions, sums);
  const size_t left = static_cast<size_t>(block.length) - lane;
  for (int64_t s = 0; s < count; ++s) {
    float* to = block.out + (channel + s) * block.out_stride + static_cast<int64_t>(lane);
    StoreSome(hn::Div(sums[s], total), d, to, std::min(left, hn::Lanes(d)));
  }
}

// Turns scores into e^(score - greatest) and returns their sum.
hn::VFromD<Floats32> Exponentials(const AttentionBlock& block, size_t lane) {
  const Floats32 d;
  float* scores = block.scores + lane;
  auto greatest = hn::Load(d, scores);
  for (int64_t r = 1; r < block.positions; ++r) {
    greatest = hn::Max(greatest, hn::Load(d, scores + r * kBlock));
  }
  auto total = hn::Zero(d);
  for (int64_t r = 0; r < block.positions; ++r) {
    const auto power = ExpOfNegative(d, hn::Sub(hn::Load(d, scores + r * kBlock), greatest));
    hn::Store(power, d, scores + r * kBlock);
    total = hn::Add(total, power);
  }
  return total;
}

}  // namespace

void RunAttentionBlock(const AttentionBlock& block) {
  const size_t lanes = hn::Lanes(Floats32());
  for (size_t lane = 0; lane < static_cast<size_t>(block.length); lane += lanes) {
    int64_t r = 0;
    for (; r + kSums <= block.positions; r += kSums) ScoresOf<kSums>(block, r, lane);
    for (; r < block.positions; ++r) ScoresOf<1>(block, r, lane);
    const auto total = Exponentials(block, lane);
    int64_t c = 0;
    for (; c + kSums <= block.value_channels; c += kSums) ValuesOf<kSums>(block, c, lane, total);
    for (; c < block.value_channels; ++c) ValuesOf<1>(block, c, lane, total);
  }
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(RunAttentionBlock);

namespace {

int64_t PositionsOf(const ConstTensorView& x) { return x.shape[2] * x.shape[3]; }

}  // namespace

size_t AttentionWorkspaceBytes(int64_t positions, int64_t query_channels, int threads) {
  return static_cast<size_t>(positions + query_channels) * kBlock * sizeof(float) *
         static_cast<size_t>(threads);
}

void Attention(const ConstTensorView& queries, const ConstTensorView& keys,
               const ConstTensorView& values, float scale, const TensorView& out,
               std::span<std::byte> workspace, ThreadPool& pool) {
  const int64_t query_channels = queries.shape[1], value_channels = values.shape[1];
  const int64_t here = PositionsOf(queries), there = PositionsOf(keys);
  GAN_ASSERT(keys.shape[0] == queries.shape[0] && keys.shape[1] == query_channels);
  GAN_ASSERT(values.shape[0] == queries.shape[0] && PositionsOf(values) == there && there > 0);
  GAN_ASSERT(out.shape ==
             (Shape{queries.shape[0], value_channels, queries.shape[2], queries.shape[3]}));
  GAN_ASSERT(queries.IsContiguous() && keys.IsContiguous() && values.IsContiguous() &&
             out.IsContiguous());
  if (ReferenceChosen()) return reference::Attention(queries, keys, values, scale, out);
  GAN_ASSERT(workspace.size() >= AttentionWorkspaceBytes(there, query_channels, pool.threads()));
  const int64_t blocks = (here + kBlock - 1) / kBlock;
  pool.ParallelFor(queries.shape[0] * blocks, [&](int64_t item, int thread) {
    const int64_t n = item / blocks, begin = item % blocks * kBlock;
    float* scratch = reinterpret_cast<float*>(workspace.data()) +
                     int64_t{thread} * (there + query_channels) * kBlock;
    float* packed = scratch + there * kBlock;
    const AttentionBlock block{.queries = packed,
                               .keys = Floats(keys) + n * query_channels * there,
                               .values = Floats(values) + n * value_channels * there,
                               .scores = scratch,
                               .out = Floats(out) + n * value_channels * here + begin,
                               .query_channels = query_channels,
                               .positions = there,
                               .value_channels = value_channels,
                               .out_stride = here,
                               .length = std::min(kBlock, here - begin),
                               .scale = scale};
    // Lanes past the end hold zeros: their results are harmless and dropped.
    std::fill_n(packed, query_channels * kBlock, 0.0f);
    for (int64_t i = 0; i < query_channels; ++i) {
      std::copy_n(Floats(queries) + (n * query_channels + i) * here + begin, block.length,
                  packed + i * kBlock);
    }
    HWY_DYNAMIC_DISPATCH(RunAttentionBlock)(block);
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
