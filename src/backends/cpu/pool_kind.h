// The kernels' name for a kind of pooling.
#ifndef GAN_BACKENDS_CPU_POOL_KIND_H_
#define GAN_BACKENDS_CPU_POOL_KIND_H_

#include "base/error.h"
#include "graph/ops/pool2d.h"
#include "kernels/pool2d.h"

namespace gan::core {

inline kernels::PoolKind KernelKind(PoolKind kind) {
  switch (kind) {
    case PoolKind::kMax: return kernels::PoolKind::kMax;
    case PoolKind::kAverage: return kernels::PoolKind::kAverage;
  }
  GAN_ASSERT(false);
  return {};
}

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_POOL_KIND_H_
