#include "kernels/pixel_unshuffle.h"

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void PixelUnshuffle(const ConstTensorView& x, int64_t factor, const TensorView& out) {
  ForEachElement(x.shape, [&](const Index& index) {
    const int64_t i = index[2] % factor, j = index[3] % factor;
    const int64_t channel = (index[1] * factor + i) * factor + j;
    At(out, {index[0], channel, index[2] / factor, index[3] / factor}) = At(x, index);
  });
}

}  // namespace gan::core::kernels::reference
