// Batches of a data set as the trainer takes them.
#ifndef GAN_TRAINING_REAL_BATCHES_H_
#define GAN_TRAINING_REAL_BATCHES_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "data/batch_feed.h"
#include "data/dataset.h"
#include "runs/recipe.h"
#include "training/adversarial_training.h"
#include "training/processes.h"

namespace gan::core {

// Not thread-safe. `data` must outlive it.
class RealBatches {
 public:
  RealBatches(const Dataset& data, const Recipe& recipe, const Processes& processes,
              at::Device device);

  // Starts (again) at a picture counter; `salt` changes the order (AdversarialTraining::salt).
  void Start(int64_t images, uint64_t salt);
  // What one step takes: a batch for each step of the discriminator. Valid until the next call.
  const std::vector<TrainingBatch>& Next();

 private:
  TrainingBatch Take();

  const Dataset& data_;
  const Recipe& recipe_;
  const Processes& processes_;
  at::Device device_;
  std::unique_ptr<BatchFeed> feed_;
  std::vector<TrainingBatch> batches_;
};

// [n, classes], a 1 in each row.
at::Tensor OneHot(std::span<const int32_t> labels, int64_t classes);

}  // namespace gan::core

#endif  // GAN_TRAINING_REAL_BATCHES_H_
