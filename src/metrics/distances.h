// Distances of all rows of one set of features to all rows of another, without ever holding them
// all.
#ifndef GAN_METRICS_DISTANCES_H_
#define GAN_METRICS_DISTANCES_H_

#include <cstdint>
#include <functional>
#include <span>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core {

// Euclidean distances of row `row` of the first set to rows [first, first + distances.size()) of
// the second. The calls for one row come in order, from one thread; other rows' meanwhile from
// others.
using VisitDistances =
    std::function<void(int64_t row, int64_t first, std::span<const float> distances)>;

// a [n, F], b [m, F], finite. Distances come from a product of matrices in double precision; where
// that cancels (rows that are nearly the same) they are taken again, so that equal rows are 0
// apart. Memory: a few MB a thread. Threads: splits rows of a; the same bytes for any number.
void ForEachDistance(const Tensor& a, const Tensor& b, ThreadPool& pool,
                     const VisitDistances& visit);

}  // namespace gan::core

#endif  // GAN_METRICS_DISTANCES_H_
