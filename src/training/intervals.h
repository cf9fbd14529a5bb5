// When a run does what it does every so many pictures.
#ifndef GAN_TRAINING_INTERVALS_H_
#define GAN_TRAINING_INTERVALS_H_

#include <cstdint>

#include "runs/recipe.h"

namespace gan::core {

// The recipe's intervals in real pictures, with the defaults filled in.
struct Intervals {
  int64_t log = 0;
  int64_t grid = 0;
  int64_t checkpoint = 0;
  int64_t evaluate = 0;  // 0: never

  explicit Intervals(const Recipe& recipe);

  // True when a multiple of `every` lies in (before, after].
  static bool Crossed(int64_t every, int64_t before, int64_t after) {
    return every > 0 && after / every > before / every;
  }
};

}  // namespace gan::core

#endif  // GAN_TRAINING_INTERVALS_H_
