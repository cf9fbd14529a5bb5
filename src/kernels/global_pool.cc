#include "kernels/global_pool.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/global_pool.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

float SumRow(const float* x, int64_t length) {
  const Floats32 d;
  const size_t n = static_cast<size_t>(length);
  const size_t lanes = hn::Lanes(d);
  auto s0 = hn::Zero(d), s1 = s0;
  size_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    s0 = hn::Add(s0, hn::LoadU(d, x + i));
    s1 = hn::Add(s1, hn::LoadU(d, x + i + lanes));
  }
  for (; i < n; i += lanes) s0 = hn::Add(s0, LoadSome(d, x + i, std::min(lanes, n - i)));
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(s0, s1)));
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {
namespace {

// A comparison with NaN is false: a NaN stays, and a new one is taken by the second half.
float GreatestOfRow(const float* x, int64_t length) {
  float greatest = -std::numeric_limits<float>::infinity();
  for (int64_t i = 0; i < length; ++i) {
    greatest = x[i] > greatest || x[i] != x[i] ? x[i] : greatest;
  }
  return greatest;
}

}  // namespace

HWY_EXPORT(SumRow);

void GlobalPool(const ConstTensorView& x, PoolKind kind, const TensorView& out, ThreadPool& pool) {
  GAN_ASSERT(x.shape.rank() == 4 && out.shape == (Shape{x.shape[0], x.shape[1], 1, 1}));
  const int64_t channels = x.shape[1], height = x.shape[2], width = x.shape[3];
  GAN_ASSERT(height > 0 && width > 0);
  if (ReferenceChosen()) return reference::GlobalPool(x, kind, out);
  pool.ParallelFor(x.shape[0] * channels, [&](int64_t item, int /*thread*/) {
    const int64_t n = item / channels, c = item % channels;
    const float* row = Floats(x) + n * x.strides[0] + c * x.strides[1];
    float& result = Floats(out)[n * out.strides[0] + c * out.strides[1]];
    double sum = 0;
    float greatest = -std::numeric_limits<float>::infinity();
    for (int64_t y = 0; y < height; ++y, row += x.strides[2]) {
      if (kind == PoolKind::kAverage) {
        sum += HWY_DYNAMIC_DISPATCH(SumRow)(row, width);
      } else {
        const float next = GreatestOfRow(row, width);
        greatest = next > greatest || next != next ? next : greatest;
      }
    }
    result = kind == PoolKind::kMax ? greatest
                                    : static_cast<float>(sum / static_cast<double>(height * width));
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
