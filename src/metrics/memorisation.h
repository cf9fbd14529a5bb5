// Whether a generator hands out its training pictures again.
#ifndef GAN_METRICS_MEMORISATION_H_
#define GAN_METRICS_MEMORISATION_H_

#include <cstdint>
#include <span>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core {

struct Memorisation {
  // Share of the samples that lie nearer to a training picture than 95 % of the training pictures
  // lie to their nearest other. About `expected` for new pictures of the same source, 1 for copies.
  double share = 0;
  double expected = 0.05;
  // Median distance of a sample to its nearest training picture, over that of a training picture to
  // its nearest other. About 1 for new pictures of the same source, 0 for copies, above 1 for
  // pictures unlike the data.
  double median_ratio = 0;
};

// training [n, F]; nearest_within: of these or of a choice of them, the distance to the nearest
// other of all; made [m, F]. Error kBadData: nothing to compare, or not finite. Threads: the same
// bytes for any number.
Memorisation MemorisationOf(const Tensor& training, std::span<const float> nearest_within,
                            const Tensor& made, ThreadPool& pool);

}  // namespace gan::core

#endif  // GAN_METRICS_MEMORISATION_H_
