#include "kernels/pixel_norm.h"

#include <cmath>

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void PixelNorm(const ConstTensorView& x, float epsilon, const TensorView& out) {
  const ConstTensorView first = x.Slice(1, 0, 1);
  const int64_t channels = x.shape[1];
  ForEachElement(first.shape, [&](Index index) {
    double squares = 0;
    for (index[1] = 0; index[1] < channels; ++index[1]) {
      squares += double{At(x, index)} * At(x, index);
    }
    const double scale = 1 / std::sqrt(squares / static_cast<double>(channels) + double{epsilon});
    for (index[1] = 0; index[1] < channels; ++index[1]) {
      At(out, index) = static_cast<float>(At(x, index) * scale);
    }
  });
}

}  // namespace gan::core::kernels::reference
