// Random numbers of one step, the same however the batch is split over processes.
#ifndef GAN_TRAINING_STEP_RANDOM_H_
#define GAN_TRAINING_STEP_RANDOM_H_

#include <ATen/ATen.h>

#include <cstdint>

#include "base/random.h"

namespace gan::core {

// Which part of a global batch this process works on.
struct BatchSlice {
  int64_t first = 0;  // of its rows in the global batch
  int64_t count = 0;
  int64_t global = 0;  // rows of the global batch
};

// What a step draws is a function of (seed, purpose, step) alone: nothing has to be saved for a
// resume, and a process that needs rows 8 to 15 draws all rows and keeps those.
// Not thread-safe.
class StepRandom {
 public:
  enum class Purpose : uint64_t { kLatent = 1, kAugment, kPenalty, kDropout, kGrid = 6 };

  StepRandom(uint64_t seed, Purpose purpose, uint64_t step, const BatchSlice& slice,
             at::Device device);

  uint64_t seed() const { return seed_; }  // of this purpose and step
  const BatchSlice& slice() const { return slice_; }

  at::Tensor Normal(int64_t columns);   // [count, columns], mean 0, variance 1
  at::Tensor Uniform(int64_t columns);  // [count, columns], [0, 1)
  // [count], 1 with `probability`, else 0.
  at::Tensor Coin(double probability) {
    return Uniform(1).flatten().lt(probability).to(at::kFloat);
  }

 private:
  at::Tensor Keep(const at::Tensor& all) const;

  uint64_t seed_;
  Random random_;
  BatchSlice slice_;
  at::Device device_;
};

}  // namespace gan::core

#endif  // GAN_TRAINING_STEP_RANDOM_H_
