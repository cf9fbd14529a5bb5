#include "kernels/batch_norm.h"

#include <cmath>

#include "base/error.h"
#include "kernels/runs.h"
#include "kernels/target.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/batch_norm.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/map-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
namespace {

struct ScaleAndShiftChannel {
  template <class D, class V>
  V operator()(D, V x, V scale, V shift) const {
    return hn::MulAdd(x, scale, shift);
  }
};

}  // namespace

void BatchNormRun(const float* x, const float* scale, const float* shift, int64_t channel_step,
                  float* out, int64_t length) {
  MapRun3(ScaleAndShiftChannel(), x, scale, shift, channel_step, out, length);
}

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(BatchNormRun);

ChannelAffine FoldBatchNorm(const BatchNormTerms& terms) {
  const Shape shape = terms.mean.shape;
  GAN_ASSERT(shape.rank() == 1 && terms.variance.shape == shape);
  ChannelAffine folded{Tensor(DType::kF32, shape), Tensor(DType::kF32, shape)};
  for (int64_t c = 0; c < shape[0]; ++c) {
    const double weight = terms.weight.data == nullptr ? 1.0 : Floats(terms.weight)[c];
    const double bias = terms.bias.data == nullptr ? 0.0 : Floats(terms.bias)[c];
    const double scale =
        weight / std::sqrt(double{Floats(terms.variance)[c]} + double{terms.epsilon});
    const auto at = static_cast<size_t>(c);
    folded.scale.floats()[at] = static_cast<float>(scale);
    folded.shift.floats()[at] = static_cast<float>(bias - Floats(terms.mean)[c] * scale);
  }
  return folded;
}

void BatchNorm(const ConstTensorView& x, const ChannelAffine& channels, const TensorView& out,
               ThreadPool& pool) {
  GAN_ASSERT(x.shape == out.shape && x.shape.rank() >= 2);
  GAN_ASSERT(channels.scale.shape() == Shape{x.shape[1]});
  if (ReferenceChosen()) return reference::BatchNorm(x, channels, out);
  Strides along_channels{};
  along_channels[1] = 1;
  const Strides strides[] = {x.strides, along_channels, out.strides};
  const float *scale = channels.scale.floats().data(), *shift = channels.shift.floats().data();
  ForEachRun(x.shape, strides, pool, [&](const ElementRun& run) {
    HWY_DYNAMIC_DISPATCH(BatchNormRun)
    (Floats(x) + run.offset[0], scale + run.offset[1], shift + run.offset[1], run.step[1],
     Floats(out) + run.offset[2], run.length);
  });
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
