#include "kernels/pixel_shuffle.h"

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void PixelShuffle(const ConstTensorView& x, int64_t factor, const TensorView& out) {
  ForEachElement(out.shape, [&](const Index& index) {
    const int64_t i = index[2] % factor, j = index[3] % factor;
    const int64_t channel = (index[1] * factor + i) * factor + j;
    At(out, index) = At(x, {index[0], channel, index[2] / factor, index[3] / factor});
  });
}

}  // namespace gan::core::kernels::reference
