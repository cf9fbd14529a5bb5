// The distance of two Gaussians, on features the FID. (Heusel et al. 2017, "GANs trained by a two
// time-scale update rule converge to a local Nash equilibrium")
#ifndef GAN_METRICS_FRECHET_DISTANCE_H_
#define GAN_METRICS_FRECHET_DISTANCE_H_

#include "metrics/gaussian.h"

namespace gan::core {

// |mean_a - mean_b|^2 + tr(A) + tr(B) - 2 tr((A B)^(1/2)), at least 0. Covariances may be short of
// rank (fewer pictures than features, features that never change): what is zero up to rounding
// counts as zero, nothing is added to the diagonals.
//
// Error kBadData: features of different networks.
double FrechetDistance(const Gaussian& a, const Gaussian& b);

}  // namespace gan::core

#endif  // GAN_METRICS_FRECHET_DISTANCE_H_
