// Density and coverage: as precision and recall, but steadier against outliers, and never asking
// the neighbours of what was made. (Naeem et al. 2020, "Reliable fidelity and diversity metrics for
// generative models")
#ifndef GAN_METRICS_DENSITY_COVERAGE_H_
#define GAN_METRICS_DENSITY_COVERAGE_H_

#include <cstdint>
#include <span>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core {

// reference [n, F] with radii [n] to the k-th neighbours within it, as of NeighbourRadii; made
// [m, F]. Balls have their border.
//
// Density: in how many balls a made picture lies, on average, over k. About 1 for sets of one
// source, and above 1 where everything crowds in the middle.
double Density(const Tensor& reference, std::span<const float> radii, int64_t k, const Tensor& made,
               ThreadPool& pool);

// Coverage: the share of balls with a made picture in them. 1 - 2^-k is to be expected of as many
// new pictures of the same source.
double Coverage(const Tensor& reference, std::span<const float> radii, const Tensor& made,
                ThreadPool& pool);

// Both: Error kBadData: features that are not finite, or of different networks. Threads: the same
// bytes for any number.

}  // namespace gan::core

#endif  // GAN_METRICS_DENSITY_COVERAGE_H_
