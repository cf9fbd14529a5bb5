// Training a generator from a recipe. Only in builds with LibTorch, which is loaded by Train().
#ifndef GAN_TRAINING_TRAIN_H_
#define GAN_TRAINING_TRAIN_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gan/export.h"
#include "gan/progress.h"

namespace gan {

struct TrainOptions {
  // A recipe file (docs/recipes.md). Empty to go on with what `resume` was made from.
  std::string recipe;
  // The run directory to make; empty: runs/NAME-N below the working folder, N the first free one.
  std::string run;
  // A run directory to go on with, from its newest good checkpoint, bit for bit as if it had never
  // stopped. `set` and `data` change fields from there on.
  std::string resume;
  // "section.key=value", after the recipe.
  std::vector<std::string> set;
  std::string data;            // stands for data.path
  std::string device = "cpu";  // "cpu", "cuda", "cuda:1"
  int threads = 0;             // stands for train.threads; 0: as the recipe says
};

// Where a training is. Figures are means since the last one.
struct TrainProgress {
  int64_t images = 0;  // real pictures seen
  int64_t total = 0;
  double images_per_second = 0;
  double seconds_left = 0;
  double discriminator_loss = 0;
  double generator_loss = 0;
  double real = 0;                    // D(real): the mean logit of real pictures
  double fake = 0;                    // D(fake)
  double discriminator_gradient = 0;  // lengths
  double generator_gradient = 0;
  std::string guard;  // the guard's last word; empty while all is well
  std::string line;   // all of it for people
};

// Something worth a line of its own.
struct TrainMessage {
  std::string kind;  // "start", "data", "evaluation", "guard", "checkpoint", "note", "end"
  std::string text;  // for people
  std::string json;  // an object with what `kind` has to say
};

// Whom to tell; each may be left out. Called from the thread that called Train().
struct TrainEvents {
  std::function<void(const TrainProgress&)> progress;
  std::function<void(const TrainMessage&)> message;
  // Once set, the training writes a checkpoint and returns.
  const CancelFlag* cancel = nullptr;
};

struct TrainResult {
  std::string run;       // the run directory
  int64_t images = 0;    // real pictures seen
  bool finished = true;  // false: cancelled, or stopped by its guard; the run can be resumed
  bool stopped_by_guard = false;
  std::vector<std::pair<std::string, double>> figures;  // of the last evaluation
};

// Trains until the recipe's number of pictures was seen.
//
// Several processes started as torchrun does it (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT) train
// together, each with its share of every batch; process 0 writes.
//
// Error kConfiguration: a recipe that is wrong, data that do not fit it, or a build without
// LibTorch. kNoInput: no such recipe, data or run. kBadData: data or checkpoints that are broken.
// kBusy: another process trains this run. kCannotCreate, kIo: the run directory cannot be written,
// or another process of the training went away. kInternal: training has come to nothing, and
// guard.action is "stop".
// Thread safety: one call at a time.
GAN_API TrainResult Train(const TrainOptions& options, const TrainEvents& events = {});

}  // namespace gan

#endif  // GAN_TRAINING_TRAIN_H_
