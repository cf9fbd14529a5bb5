// Steps on a data set beside steps on one batch that lies ready: does the trainer wait for data?
#ifndef GAN_BENCH_TRAINING_FEEDING_H_
#define GAN_BENCH_TRAINING_FEEDING_H_

#include <nlohmann/json.hpp>
#include <string>

namespace gan::core::bench {

// Prints a line, and returns the same figures: images a second of both, and their ratio. `data`:
// labelled pictures, as `gan train --data` takes them, brought to 28 x 28.
// Error kNoInput, kBadData, as Dataset::Open.
nlohmann::json MeasureFeeding(const std::string& data, int rounds);

}  // namespace gan::core::bench

#endif  // GAN_BENCH_TRAINING_FEEDING_H_
