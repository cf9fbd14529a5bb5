// Element-wise loops over runs, for kernels that are compiled once per instruction set.
#include <cstdint>
#include <cstring>

#include "hwy/highway.h"

#if defined(GAN_KERNELS_MAP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GAN_KERNELS_MAP_INL_H_
#undef GAN_KERNELS_MAP_INL_H_
#else
#define GAN_KERNELS_MAP_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats32 = hn::ScalableTag<float>;

// The last vector of a row goes through these, so that every element meets the same vector code
// and its result does not depend on where in a row it stands. Lanes past `count` are 0.
inline hn::VFromD<Floats32> LoadSome(Floats32 d, const float* from, size_t count) {
  HWY_ALIGN float lanes[hn::MaxLanes(d)] = {};
  std::memcpy(lanes, from, count * sizeof(float));
  return hn::Load(d, lanes);
}

inline void StoreSome(hn::VFromD<Floats32> v, Floats32 d, float* to, size_t count) {
  HWY_ALIGN float lanes[hn::MaxLanes(d)];
  hn::Store(v, d, lanes);
  std::memcpy(to, lanes, count * sizeof(float));
}

// out[i] = op(d, x[i]). `out` may be `x`.
template <class Op>
void MapRun(const Op& op, const float* x, float* out, int64_t length) {
  const Floats32 d;
  const size_t n = static_cast<size_t>(length);
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(op(d, hn::LoadU(d, x + i)), d, out + i);
  if (i < n) StoreSome(op(d, LoadSome(d, x + i, n - i)), d, out + i, n - i);
}

// out[i] = op(d, a[i * a_step], b[i * b_step]), steps 0 or 1. `out` may be `a` or `b`.
template <class Op>
void MapRun2(const Op& op, const float* a, int64_t a_step, const float* b, int64_t b_step,
             float* out, int64_t length) {
  const Floats32 d;
  const size_t n = static_cast<size_t>(length);
  const size_t lanes = hn::Lanes(d);
  if (n == 0) return;
  const auto repeated_a = hn::Set(d, a[0]);
  const auto repeated_b = hn::Set(d, b[0]);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto va = a_step == 0 ? repeated_a : hn::LoadU(d, a + i);
    const auto vb = b_step == 0 ? repeated_b : hn::LoadU(d, b + i);
    hn::StoreU(op(d, va, vb), d, out + i);
  }
  if (i < n) {
    const auto va = a_step == 0 ? repeated_a : LoadSome(d, a + i, n - i);
    const auto vb = b_step == 0 ? repeated_b : LoadSome(d, b + i, n - i);
    StoreSome(op(d, va, vb), d, out + i, n - i);
  }
}

// out[i] = op(d, x[i], a[i * step], b[i * step]), step 0 or 1. `out` may be `x`.
template <class Op>
void MapRun3(const Op& op, const float* x, const float* a, const float* b, int64_t step, float* out,
             int64_t length) {
  const Floats32 d;
  const size_t n = static_cast<size_t>(length);
  const size_t lanes = hn::Lanes(d);
  if (n == 0) return;
  const auto repeated_a = hn::Set(d, a[0]);
  const auto repeated_b = hn::Set(d, b[0]);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto va = step == 0 ? repeated_a : hn::LoadU(d, a + i);
    const auto vb = step == 0 ? repeated_b : hn::LoadU(d, b + i);
    hn::StoreU(op(d, hn::LoadU(d, x + i), va, vb), d, out + i);
  }
  if (i < n) {
    const auto va = step == 0 ? repeated_a : LoadSome(d, a + i, n - i);
    const auto vb = step == 0 ? repeated_b : LoadSome(d, b + i, n - i);
    StoreSome(op(d, LoadSome(d, x + i, n - i), va, vb), d, out + i, n - i);
  }
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // GAN_KERNELS_MAP_INL_H_
