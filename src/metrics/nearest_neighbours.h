// The nearest rows of a set of features.
#ifndef GAN_METRICS_NEAREST_NEIGHBOURS_H_
#define GAN_METRICS_NEAREST_NEIGHBOURS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core {

// Row r's i-th nearest is indices[r * k + i], distances[r * k + i] away; nearest first, of equal
// ones the lower index.
struct Neighbours {
  int64_t k = 0;
  std::vector<int64_t> indices;
  std::vector<float> distances;
};

// For each row of `queries` [n, F] the k nearest rows of `set` [m, F]. Requires 1 <= k <= m and
// finite features. Threads: splits queries; the same bytes for any number.
Neighbours NearestNeighbours(const Tensor& queries, const Tensor& set, int64_t k, ThreadPool& pool);

// The same within one set, where a row is no neighbour of its own. Requires 1 <= k < n.
Neighbours NearestOthers(const Tensor& set, int64_t k, ThreadPool& pool);

// Distance of each row to its k-th nearest other. Error kBadData, in the name of the figure
// `where`: the set has no more than k rows.
std::vector<float> NeighbourRadii(std::string_view where, const Tensor& set, int64_t k,
                                  ThreadPool& pool);

}  // namespace gan::core

#endif  // GAN_METRICS_NEAREST_NEIGHBOURS_H_
