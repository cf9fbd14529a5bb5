// The kernel distance, KID. (Binkowski et al. 2018, "Demystifying MMD GANs")
#ifndef GAN_METRICS_KERNEL_DISTANCE_H_
#define GAN_METRICS_KERNEL_DISTANCE_H_

#include <cstdint>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core {

struct KernelDistanceOptions {
  int64_t subsets = 100;
  int64_t subset_size = 1000;  // fewer where there are fewer pictures
  uint64_t seed = 0;
};

struct KernelDistance {
  double value = 0;   // mean over the subsets: around 0, below it too, for sets of one source
  double spread = 0;  // standard deviation over the subsets
  int64_t subset_size = 0;
};

// The squared maximum mean discrepancy with kernel (x.y / F + 1)^3, unbiased, on random subsets of
// both sides. Features: reference [n, F], made [m, F]. Error kBadData: fewer than 2 on a side, or
// features that are not finite.
// Threads: splits subsets; the same bytes for any number.
KernelDistance KernelDistanceOf(const Tensor& reference, const Tensor& made,
                                const KernelDistanceOptions& options, ThreadPool& pool);

}  // namespace gan::core

#endif  // GAN_METRICS_KERNEL_DISTANCE_H_
