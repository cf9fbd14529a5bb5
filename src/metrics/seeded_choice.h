// A random part of a row of things, the same for the same seed.
#ifndef GAN_METRICS_SEEDED_CHOICE_H_
#define GAN_METRICS_SEEDED_CHOICE_H_

#include <cstdint>
#include <vector>

#include "base/random.h"

namespace gan::core {

// `wanted` different numbers of [0, count), ascending; each choice as likely as any other.
// Requires 0 <= wanted <= count.
std::vector<int64_t> Choose(int64_t count, int64_t wanted, Random& random);

}  // namespace gan::core

#endif  // GAN_METRICS_SEEDED_CHOICE_H_
