// The Inception score: pictures that a classifier is sure of, of many classes. (Salimans et al.
// 2016, "Improved techniques for training GANs")
#ifndef GAN_METRICS_INCEPTION_SCORE_H_
#define GAN_METRICS_INCEPTION_SCORE_H_

#include <cstdint>

#include "tensor/tensor.h"

namespace gan::core {

struct InceptionScore {
  double value = 0;   // mean over the splits, 1 to the number of classes
  double spread = 0;  // standard deviation over the splits
};

// exp(mean KL(p(class | picture) || p(class))) of each of `splits` consecutive parts.
//
//   probabilities  [n, classes], each row summing to 1
//
// Error kBadData: fewer pictures than splits, or values that are no probabilities.
InceptionScore InceptionScoreOf(const Tensor& probabilities, int64_t splits);

}  // namespace gan::core

#endif  // GAN_METRICS_INCEPTION_SCORE_H_
