// How different pictures of one set are from one another: what falls when a generator collapses.
#ifndef GAN_METRICS_VARIETY_H_
#define GAN_METRICS_VARIETY_H_

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core {

// Mean distance of two different rows of `features` [n, F]. Error kBadData: fewer than 2 rows, or
// not finite. Threads: the same bytes for any number.
double MeanPairwiseDistance(const Tensor& features, ThreadPool& pool);

// That of what was made over that of the reference: about 1 for a generator as varied as its data,
// 0 for one that makes one picture. Error kBadData also where the reference is one picture only.
double RelativeVariety(const Tensor& reference, const Tensor& made, ThreadPool& pool);

}  // namespace gan::core

#endif  // GAN_METRICS_VARIETY_H_
