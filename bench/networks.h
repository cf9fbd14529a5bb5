// Whole generators with random weights.
#ifndef GAN_BENCH_NETWORKS_H_
#define GAN_BENCH_NETWORKS_H_

#include <vector>

#include "bench/race.h"

namespace gan::core::bench {

// ESRGAN with 3 blocks (23 if `full`: the reference work at 256x256), compact with 16 x 64, and
// every other family at its usual sizes.
std::vector<Race> NetworkRaces(bool full);

}  // namespace gan::core::bench

#endif  // GAN_BENCH_NETWORKS_H_
