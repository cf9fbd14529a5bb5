#include "kernels/finite.h"

#include <atomic>

#include "kernels/runs.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/finite.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

// The largest magnitude as an integer tells: NaN and infinity have the highest bit patterns.
bool FiniteRun(const float* x, int64_t length) {
  const Floats32 d;
  const hn::RebindToSigned<Floats32> di;
  const size_t n = static_cast<size_t>(length);
  const size_t lanes = hn::Lanes(d);
  const auto magnitude = hn::Set(di, 0x7FFFFFFF);
  auto largest = hn::Zero(di);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto bits = hn::BitCast(di, hn::LoadU(d, x + i));
    largest = hn::Max(largest, hn::And(bits, magnitude));
  }
  if (i < n) {
    const auto bits = hn::BitCast(di, LoadSome(d, x + i, n - i));
    largest = hn::Max(largest, hn::And(bits, magnitude));
  }
  return hn::AllTrue(di, hn::Lt(largest, hn::Set(di, 0x7F800000)));
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(FiniteRun);

bool AllFinite(const ConstTensorView& x, ThreadPool& pool) {
  if (ReferenceChosen()) return reference::AllFinite(x);
  std::atomic<bool> finite{true};
  ForEachRun(x.shape, {&x.strides, 1}, pool, [&](const ElementRun& run) {
    if (!finite.load(std::memory_order_relaxed)) return;
    if (!HWY_DYNAMIC_DISPATCH(FiniteRun)(Floats(x) + run.offset[0], run.length)) {
      finite.store(false, std::memory_order_relaxed);
    }
  });
  return finite;
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
