#include "kernels/upfirdn2d.h"

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void Upfirdn2d(const ConstTensorView& x, const ConstTensorView& filter,
               const Upfirdn2dParams& params, const TensorView& out) {
  ForEachElement(out.shape, [&](const Index& at) {
    float sum = 0;
    ForEachElement(filter.shape, [&](const Index& tap) {
      Index from = at;
      for (size_t axis = 0; axis < 2; ++axis) {
        const int64_t place = at[axis + 2] * params.down[axis] - params.before[axis] + tap[axis];
        const int64_t up = params.up[axis];
        if (place < 0 || place % up != 0 || place / up >= x.shape[axis + 2]) return;
        from[axis + 2] = place / up;
      }
      sum += At(x, from) * At(filter, {filter.shape[0] - 1 - tap[0], filter.shape[1] - 1 - tap[1]});
    });
    At(out, at) = sum * params.gain;
  });
}

}  // namespace gan::core::kernels::reference
