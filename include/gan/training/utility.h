// Whether generated pictures help to tell real ones apart. Only in builds with LibTorch, which is
// loaded by MeasureUtility().
#ifndef GAN_PUBLIC_TRAINING_UTILITY_H_
#define GAN_PUBLIC_TRAINING_UTILITY_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gan/engine.h"
#include "gan/export.h"
#include "gan/progress.h"

namespace gan {

struct UtilityOptions {
  // A run directory of gan train: only the very pictures that its generator learned from, where its
  // recipe chose some (data.limit, data.limit_per_class). What others know would leak from the
  // generated pictures into the trials. "": all of `train_split`.
  std::string run;
  std::string train_split = "train";  // of the real data
  std::string test_split = "test";
  int64_t size = 0;                 // pixels a side; 0: as the real pictures are, squares
  int64_t per_class = 50;           // real pictures to train on, chosen anew for each trial
  int64_t generated_per_class = 0;  // 0: all
  int64_t trials = 5;
  int64_t steps = 400;  // of one training, the same without and with
  int64_t batch = 32;
  uint64_t seed = 1;
  std::string cache;  // folder of decoded pictures; "": the user's
  int threads = 0;    // 0: every processor
};

// The fields by name, but for the threads. Static memory. Thread-safe.
GAN_API std::span<const Option<UtilityOptions>> UtilityOptionList();

// All as shares from 0 to 1, over the trials: means, and sample deviations of single trials.
struct UtilityMeasure {
  std::string name;  // "accuracy", "balanced_accuracy"
  double without = 0, without_deviation = 0;
  double with = 0, with_deviation = 0;
  double gain = 0, gain_deviation = 0;  // of the same trial
  double margin = 0;                    // half of the 95 % interval of the mean gain
  bool clear = false;                   // that interval does not hold 0; never for one trial
};

struct UtilityReport {
  std::string real, generated;  // as given
  int64_t classes = 0;
  int64_t real_pictures = 0;  // of one training
  int64_t generated_pictures = 0;
  int64_t test_pictures = 0;
  int64_t trials = 0;
  std::vector<UtilityMeasure> measures;
  std::string verdict;  // one line for people, on the balanced accuracy
};

// Trains a small classifier on few real pictures, without and with generated ones, several times,
// and tests it on real pictures that neither saw. `real`, `generated`: labelled data sets (a folder
// with a folder for each class, MNIST's files...). The same numbers for the same arguments.
//
// Error kConfiguration: a build without LibTorch; kNoInput, kBadData: no such data, no labels, a
// generated class that the real data does not have; kInterrupted. Thread safety: one at a time.
GAN_API UtilityReport MeasureUtility(const std::string& real, const std::string& generated,
                                     const UtilityOptions& options = {},
                                     const ProgressFn& progress = {},
                                     const CancelFlag* cancel = nullptr);

// As one JSON object. Thread-safe.
GAN_API std::string ToJson(const UtilityReport& report);

}  // namespace gan

#endif  // GAN_PUBLIC_TRAINING_UTILITY_H_
