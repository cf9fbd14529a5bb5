#include "kernels/pixel_norm.h"

namespace gan::core::kernels {

void PixelNorm(const ConstTensorView& x, float epsilon, const TensorView& out, ThreadPool& pool) {
  pool.ParallelFor(x.shape[0], [&](int64_t n, int) {
    reference::PixelNorm(x.Slice(0, n, 1), epsilon, out.Slice(0, n, 1));
  });
}

}  // namespace gan::core::kernels
