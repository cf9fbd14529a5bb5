#include "kernels/demodulate.h"

#include <cmath>

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void Demodulate(const ConstTensorView& style, const ConstTensorView& squares, float epsilon,
                const TensorView& out) {
  ForEachElement(out.shape, [&](const Index& at) {
    double sum = 0;
    for (int64_t i = 0; i < style.shape[1]; ++i) {
      const double s = At(style, {at[0], i});
      sum += s * s * At(squares, {at[1], i});
    }
    At(out, at) = static_cast<float>(1 / std::sqrt(sum + double{epsilon}));
  });
}

}  // namespace gan::core::kernels::reference
