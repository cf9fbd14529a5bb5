#include "kernels/slice.h"

#include "kernels/copy.h"

namespace gan::core::kernels {

void Slice(const ConstTensorView& x, size_t axis, int64_t begin, const TensorView& out,
           ThreadPool& pool) {
  Copy(x.Slice(axis, begin, out.shape[axis]), out, pool);
}

}  // namespace gan::core::kernels
