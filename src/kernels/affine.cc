#include "kernels/affine.h"

#include "base/error.h"
#include "kernels/runs.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/affine.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
namespace {

struct ScaleAndShift {
  float scale, shift;
  template <class D, class V>
  V operator()(D d, V x) const {
    return hn::MulAdd(x, hn::Set(d, scale), hn::Set(d, shift));
  }
};

}  // namespace

void AffineRun(float scale, float shift, const float* x, float* out, int64_t length) {
  MapRun(ScaleAndShift{scale, shift}, x, out, length);
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(AffineRun);

void Affine(const ConstTensorView& x, float scale, float shift, const TensorView& out,
            ThreadPool& pool) {
  GAN_ASSERT(x.shape == out.shape);
  if (ReferenceChosen()) return reference::Affine(x, scale, shift, out);
  const Strides strides[] = {x.strides, out.strides};
  ForEachRun(x.shape, strides, pool, [&](const ElementRun& run) {
    HWY_DYNAMIC_DISPATCH(AffineRun)
    (scale, shift, Floats(x) + run.offset[0], Floats(out) + run.offset[1], run.length);
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
