#include "kernels/batch_norm.h"

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void BatchNorm(const ConstTensorView& x, const ChannelAffine& channels, const TensorView& out) {
  const ConstTensorView scale = channels.scale.view(), shift = channels.shift.view();
  ForEachElement(x.shape, [&](const Index& index) {
    At(out, index) = At(x, index) * At(scale, {index[1]}) + At(shift, {index[1]});
  });
}

}  // namespace gan::core::kernels::reference
