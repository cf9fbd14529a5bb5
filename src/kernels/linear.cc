#include "kernels/linear.h"

#include <algorithm>

#include "base/error.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/linear.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

// Four partial sums hide most of the latency of FMA; the products come from memory anyway.
float DotProduct(const float* a, const float* b, int64_t length) {
  const Floats32 d;
  const size_t n = static_cast<size_t>(length);
  const size_t lanes = hn::Lanes(d);
  auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
  size_t i = 0;
  for (; i + 4 * lanes <= n; i += 4 * lanes) {
    s0 = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), s0);
    s1 = hn::MulAdd(hn::LoadU(d, a + i + lanes), hn::LoadU(d, b + i + lanes), s1);
    s2 = hn::MulAdd(hn::LoadU(d, a + i + 2 * lanes), hn::LoadU(d, b + i + 2 * lanes), s2);
    s3 = hn::MulAdd(hn::LoadU(d, a + i + 3 * lanes), hn::LoadU(d, b + i + 3 * lanes), s3);
  }
  for (; i + lanes <= n; i += lanes) {
    s0 = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), s0);
  }
  if (i < n) s0 = hn::MulAdd(LoadSome(d, a + i, n - i), LoadSome(d, b + i, n - i), s0);
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3))));
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {
namespace {

// Outputs that a thread takes at once.
constexpr int64_t kOutputsPerItem = 16;

}  // namespace

HWY_EXPORT(DotProduct);

void Linear(const ConstTensorView& x, const ConstTensorView& weight, const ConstTensorView& bias,
            const TensorView& out, ThreadPool& pool) {
  GAN_ASSERT(x.shape.rank() == 2 && weight.shape.rank() == 2 && x.shape[1] == weight.shape[1]);
  GAN_ASSERT(out.shape == (Shape{x.shape[0], weight.shape[0]}));
  GAN_ASSERT(bias.data == nullptr || bias.shape == Shape{weight.shape[0]});
  if (ReferenceChosen()) return reference::Linear(x, weight, bias, out);
  const int64_t items = (out.shape[1] + kOutputsPerItem - 1) / kOutputsPerItem;
  pool.ParallelFor(items, [&](int64_t item, int /*thread*/) {
    const int64_t end = std::min(out.shape[1], (item + 1) * kOutputsPerItem);
    for (int64_t o = item * kOutputsPerItem; o < end; ++o) {
      const float* row = Floats(weight) + o * weight.strides[0];
      const float start = bias.data == nullptr ? 0.0f : Floats(bias)[o];
      for (int64_t n = 0; n < out.shape[0]; ++n) {
        Floats(out)[n * out.strides[0] + o] =
            start + HWY_DYNAMIC_DISPATCH(DotProduct)(Floats(x) + n * x.strides[0], row, x.shape[1]);
      }
    }
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
