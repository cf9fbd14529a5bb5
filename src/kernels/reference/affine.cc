#include "kernels/affine.h"

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void Affine(const ConstTensorView& x, float scale, float shift, const TensorView& out) {
  ForEachElement(x.shape,
                 [&](const Index& index) { At(out, index) = At(x, index) * scale + shift; });
}

}  // namespace gan::core::kernels::reference
