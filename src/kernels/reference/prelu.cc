#include "kernels/prelu.h"

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void Prelu(const ConstTensorView& x, const ConstTensorView& slope, const TensorView& out) {
  ForEachElement(x.shape, [&](const Index& index) {
    const float value = At(x, index);
    const float factor = At(slope, {slope.shape[0] == 1 ? 0 : index[1]});
    At(out, index) = value < 0 ? factor * value : value;
  });
}

}  // namespace gan::core::kernels::reference
