// A whole run: data in, a run directory out, and nothing lost whatever happens in between.
#ifndef GAN_TRAINING_TRAINER_H_
#define GAN_TRAINING_TRAINER_H_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "data/dataset.h"
#include "metrics/evaluation.h"
#include "runs/event_file.h"
#include "runs/guard.h"
#include "runs/metrics_log.h"
#include "runs/recipe.h"
#include "runs/run_directory.h"
#include "training/adversarial_training.h"
#include "training/intervals.h"
#include "training/processes.h"
#include "training/real_batches.h"
#include "training/run_evaluation.h"

namespace gan::core {

// Where a run is; figures are means since the last one.
struct TrainerProgress {
  int64_t images = 0;
  int64_t total = 0;
  double images_per_second = 0;
  StepReport step;
  std::string guard;
};

struct TrainerEvents {
  std::function<void(const TrainerProgress&)> progress;
  // kind, text for people, what it says as JSON.
  std::function<void(const std::string&, const std::string&, const nlohmann::json&)> message;
  const CancelFlag* cancel = nullptr;
};

struct TrainerResult {
  int64_t images = 0;
  bool finished = false;
  bool stopped_by_guard = false;
  Figures figures;  // of the last evaluation
};

// Not thread-safe.
class Trainer {
 public:
  struct Options {
    Recipe recipe;
    std::filesystem::path run;
    bool resume = false;
    at::Device device = at::kCPU;
    int threads = 1;  // of LibTorch
  };
  // Opens the data and the run directory, and restores the newest good checkpoint of one that is
  // resumed. `processes` must outlive it. Errors as gan::Train has them.
  Trainer(const Options& options, Processes& processes, const TrainerEvents& events);
  ~Trainer();

  TrainerResult Run();

 private:
  using Clock = std::chrono::steady_clock;

  struct Best {
    double value;
    int64_t images;
  };

  void OpenRun();
  void WriteRecipe() const;
  void OpenLogs();
  void Restore();
  void Adopt(const LoadedCheckpoint& loaded);
  bool Advance();  // one step and what is due after it; false: the guard stops the run
  void Log(int64_t before);
  bool Heed(const std::vector<Finding>& findings);
  void RollBack();
  void Evaluate();
  void KeepBest();
  void SaveCheckpoint();
  void SaveGenerator(const std::filesystem::path& path) const;
  void SaveGrid();
  void Say(const std::string& kind, const std::string& text, nlohmann::json what = {}) const;
  void Tell(const StepReport& mean);
  nlohmann::json State() const;
  bool Writes() const { return processes_.first(); }

  Options options_;
  Recipe& recipe_ = options_.recipe;
  Processes& processes_;
  TrainerEvents events_;
  Dataset data_;
  Intervals intervals_;
  std::unique_ptr<AdversarialTraining> training_;
  RealBatches batches_;
  std::optional<RunDirectory> directory_;  // of the process that writes
  std::optional<MetricsLog> log_;
  std::optional<EventFile> board_;
  std::unique_ptr<RunEvaluation> evaluation_;
  Guard guard_;
  bool stopped_by_guard_ = false;
  int64_t images_ = 0;
  int64_t checkpoint_at_ = -1;  // images of the newest checkpoint
  int64_t evaluated_at_ = -1;
  std::optional<Best> best_;
  Figures figures_;
  StepReport sums_;  // since the last line of the log
  int64_t summed_ = 0;
  Clock::time_point begun_;
  int64_t begun_at_ = 0;
  Clock::duration paused_{};  // spent on evaluations, grids and checkpoints
};

// The pair of networks that a recipe wants for these data. Error kConfiguration: they do not fit.
PairConfig PairFor(const Recipe& recipe, const Dataset& data);

}  // namespace gan::core

#endif  // GAN_TRAINING_TRAINER_H_
