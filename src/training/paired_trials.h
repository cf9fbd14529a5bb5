// Two ways to do a thing, tried in pairs: is one better, or is it chance?
#ifndef GAN_TRAINING_PAIRED_TRIALS_H_
#define GAN_TRAINING_PAIRED_TRIALS_H_

#include <span>

namespace gan::core {

struct Spread {
  double mean = 0;
  double deviation = 0;  // of single trials (with n - 1), 0 for one
};
Spread SpreadOf(std::span<const double> values);

struct Comparison {
  Spread before, after;
  Spread gain;        // after - before, of the same trial
  double margin = 0;  // half of the 95 % interval of the mean gain (Student's t); 0 for one trial
  // The interval does not hold 0. Never for one trial: it says nothing of chance.
  bool clear = false;
};

// Requires as many of one as of the other, at least one.
Comparison Compare(std::span<const double> before, std::span<const double> after);

}  // namespace gan::core

#endif  // GAN_TRAINING_PAIRED_TRIALS_H_
