// Improved precision and recall: how much of what was made looks real, and how much of the real
// could have been made. (Kynkaanniemi et al. 2019, "Improved precision and recall metric for
// assessing generative models")
#ifndef GAN_METRICS_PRECISION_RECALL_H_
#define GAN_METRICS_PRECISION_RECALL_H_

#include <span>
#include <string_view>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core {

// The share of `queries` [n, F] that lie in a ball around some row of `set` [m, F]; radii [m] are
// the distances to the k-th neighbours within the set, as of NeighbourRadii; the border belongs to
// the ball. With the reference as the set this is the precision, with what was made the recall.
//
// Error kBadData: features that are not finite, or of different networks.
// Threads: splits queries; the same bytes for any number.
double ShareInside(std::string_view where, const Tensor& queries, const Tensor& set,
                   std::span<const float> radii, ThreadPool& pool);

}  // namespace gan::core

#endif  // GAN_METRICS_PRECISION_RECALL_H_
