#include "kernels/pool2d.h"

#include <cmath>
#include <limits>

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void Pool2d(const ConstTensorView& x, const Pool2dParams& params, const TensorView& out) {
  ForEachElement(out.shape, [&](const Index& index) {
    float greatest = -std::numeric_limits<float>::infinity();
    double sum = 0;
    int64_t count = 0;
    for (int64_t u = 0; u < params.kernel_h; ++u) {
      for (int64_t v = 0; v < params.kernel_w; ++v) {
        const int64_t row = index[2] * params.stride_h + u - params.padding.top;
        const int64_t column = index[3] * params.stride_w + v - params.padding.left;
        if (row < 0 || row >= x.shape[2] || column < 0 || column >= x.shape[3]) continue;
        const float value = At(x, {index[0], index[1], row, column});
        if (value > greatest || std::isnan(value)) greatest = value;
        sum += value;
        ++count;
      }
    }
    if (params.count_padding) count = params.kernel_h * params.kernel_w;
    At(out, index) = params.kind == PoolKind::kMax
                         ? greatest
                         : static_cast<float>(sum / static_cast<double>(count));
  });
}

}  // namespace gan::core::kernels::reference
