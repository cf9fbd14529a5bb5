#include "kernels/concat.h"

#include "base/error.h"
#include "kernels/copy.h"

namespace gan::core::kernels {

void Concat(std::span<const ConstTensorView> parts, size_t axis, const TensorView& out,
            ThreadPool& pool) {
  int64_t begin = 0;
  for (const ConstTensorView& part : parts) {
    Copy(part, out.Slice(axis, begin, part.shape[axis]), pool);
    begin += part.shape[axis];
  }
  GAN_ASSERT(begin == out.shape[axis]);
}

}  // namespace gan::core::kernels
