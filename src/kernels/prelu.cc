#include "kernels/prelu.h"

#include "base/error.h"
#include "kernels/runs.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/prelu.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
namespace {

struct Slope {
  template <class D, class V>
  V operator()(D d, V x, V slope) const {
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Mul(x, slope), x);
  }
};

}  // namespace

void PreluRun(const float* x, const float* slope, int64_t slope_step, float* out, int64_t length) {
  MapRun2(Slope(), x, 1, slope, slope_step, out, length);
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(PreluRun);

void Prelu(const ConstTensorView& x, const ConstTensorView& slope, const TensorView& out,
           ThreadPool& pool) {
  GAN_ASSERT(x.shape == out.shape && x.shape.rank() >= 2 && slope.shape.rank() == 1);
  GAN_ASSERT(slope.shape[0] == 1 || slope.shape[0] == x.shape[1]);
  if (ReferenceChosen()) return reference::Prelu(x, slope, out);
  Strides along_channels{};
  if (slope.shape[0] != 1) along_channels[1] = slope.strides[0];
  const Strides strides[] = {x.strides, along_channels, out.strides};
  ForEachRun(x.shape, strides, pool, [&](const ElementRun& run) {
    HWY_DYNAMIC_DISPATCH(PreluRun)
    (Floats(x) + run.offset[0], Floats(slope) + run.offset[1], run.step[1],
     Floats(out) + run.offset[2], run.length);
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
