// Do generated pictures help? A classifier is trained on few real ones, without and with them.
#ifndef GAN_TRAINING_UTILITY_H_
#define GAN_TRAINING_UTILITY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/progress.h"
#include "data/dataset.h"
#include "training/paired_trials.h"

namespace gan::core {

struct UtilityOptions {
  DatasetOptions real;  // but for `split`, of which there are two; limits are the training part's
  std::string train_split = "train";
  std::string test_split = "test";
  std::string generated;            // a labelled data set; its classes are found by their names
  int64_t per_class = 50;           // real pictures to train on, chosen anew for each trial
  int64_t generated_per_class = 0;  // 0: all
  int64_t trials = 5;
  int64_t steps = 400;  // of one training, the same without and with
  int64_t batch = 32;
  uint64_t seed = 1;
  int threads = 1;
};

struct UtilityResult {
  int64_t classes = 0;
  int64_t real_pictures = 0;  // of one training
  int64_t generated_pictures = 0;
  int64_t test_pictures = 0;
  Comparison accuracy;  // share of the test that is told right
  Comparison balanced;  // the mean over the classes of that share
  std::string verdict;  // one line for people, on the balanced accuracy
};

// Each trial chooses its real pictures and its first weights by its own seed, and trains twice on
// them: the second time half of every batch is generated. The same numbers for the same arguments.
//
// Error kUsage: an option out of range; kNoInput, kBadData: as Dataset::Open, no labels, a
// generated class that the real data does not have, other classes in the test; kInterrupted.
UtilityResult RunUtility(const UtilityOptions& options, const ProgressFn& progress = {},
                         const CancelFlag* cancel = nullptr);

}  // namespace gan::core

#endif  // GAN_TRAINING_UTILITY_H_
