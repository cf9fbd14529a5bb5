#include "kernels/global_pool.h"

#include <cmath>
#include <limits>

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void GlobalPool(const ConstTensorView& x, PoolKind kind, const TensorView& out) {
  const auto pixels = static_cast<double>(x.shape[2] * x.shape[3]);
  ForEachElement(out.shape, [&](const Index& index) {
    float greatest = -std::numeric_limits<float>::infinity();
    double sum = 0;
    for (int64_t row = 0; row < x.shape[2]; ++row) {
      for (int64_t column = 0; column < x.shape[3]; ++column) {
        const float value = At(x, {index[0], index[1], row, column});
        if (value > greatest || std::isnan(value)) greatest = value;
        sum += value;
      }
    }
    At(out, index) = kind == PoolKind::kMax ? greatest : static_cast<float>(sum / pixels);
  });
}

}  // namespace gan::core::kernels::reference
