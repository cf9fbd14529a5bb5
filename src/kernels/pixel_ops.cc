#include "kernels/pixel_ops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/pixel_ops.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/pixel_ops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {

void ApplyPixelOpsSimd(std::span<const PixelOp> ops, const float* from, int64_t channels, int64_t y,
                       int64_t x, int64_t count, float* to) {
  pixel_ops::Apply(ops, from, channels, y, x, count, to);
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(ApplyPixelOpsSimd);

void ApplyPixelOps(std::span<const PixelOp> ops, const float* from, int64_t channels, int64_t y,
                   int64_t x, int64_t count, float* to) {
  HWY_DYNAMIC_DISPATCH(ApplyPixelOpsSimd)(ops, from, channels, y, x, count, to);
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
