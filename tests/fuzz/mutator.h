// Breaks a valid file a little.
#ifndef GAN_TESTS_FUZZ_MUTATOR_H_
#define GAN_TESTS_FUZZ_MUTATOR_H_

#include <string>

#include "base/random.h"

namespace gan::core::fuzz {

// One to eight changes: bits flipped, bytes and whole numbers replaced by telling ones, pieces cut
// out, doubled, moved or added, the end cut off. Never more than twice the size plus 64 bytes.
std::string Mutate(const std::string& seed, Random& random);

}  // namespace gan::core::fuzz

#endif  // GAN_TESTS_FUZZ_MUTATOR_H_
