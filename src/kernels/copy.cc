#include "kernels/copy.h"

#include <cstring>

#include "base/error.h"
#include "kernels/runs.h"

namespace gan::core::kernels {

void Copy(const ConstTensorView& x, const TensorView& out, ThreadPool& pool) {
  GAN_ASSERT(x.shape == out.shape);
  const Strides strides[] = {x.strides, out.strides};
  ForEachRun(x.shape, strides, pool, [&](const ElementRun& run) {
    GAN_ASSERT(run.length == 1 || (run.step[0] == 1 && run.step[1] == 1));
    std::memcpy(Floats(out) + run.offset[1], Floats(x) + run.offset[0],
                static_cast<size_t>(run.length) * sizeof(float));
  });
}

}  // namespace gan::core::kernels
