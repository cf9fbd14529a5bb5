// The module's side of gan::Train(). Compiled into libgan_training.so alone.
#include "api/training_module.h"

#include <algorithm>
#include <filesystem>
#include <new>

#include "api/progress_state.h"
#include "base/error.h"
#include "base/thread_pool.h"
#include "runs/progress_line.h"
#include "runs/recipe_rules.h"
#include "runs/run_directory.h"
#include "runtime/plugin.h"
#include "training/device.h"
#include "training/torch_errors.h"
#include "training/trainer.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

// runs/NAME-1, or the first number that is free.
fs::path NewRun(const std::string& name) {
  for (int number = 1;; ++number) {
    const fs::path path = fs::path("runs") / fmt::format("{}-{}", name, number);
    if (!fs::exists(path)) return path;
  }
}

Recipe RecipeOf(const TrainOptions& options) {
  std::vector<std::string> changes = options.set;
  if (!options.data.empty()) {
    // An absolute one stays good when the run is resumed from another folder.
    changes.push_back("data.path=" + fs::absolute(options.data).lexically_normal().string());
  }
  if (options.threads > 0) changes.push_back(fmt::format("train.threads={}", options.threads));
  if (options.resume.empty()) return ReadRecipe(options.recipe, changes);
  const fs::path file = RunPaths{options.resume}.Recipe();
  if (!fs::exists(file)) {
    Fail(ErrorCode::kNoInput, "run", "\"{}\" is no run directory: it has no recipe.toml",
         Printable(options.resume));
  }
  Recipe changed = ReadRecipe(file, changes);
  // Before anything of the run is written anew.
  CheckContinues(ReadRecipe(file), changed);
  return changed;
}

TrainProgress Public(const TrainerProgress& from) {
  TrainProgress to;
  to.images = from.images;
  to.total = from.total;
  to.images_per_second = from.images_per_second;
  if (from.images_per_second > 0) {
    to.seconds_left = static_cast<double>(from.total - from.images) / from.images_per_second;
  }
  to.discriminator_loss = from.step.discriminator_loss;
  to.generator_loss = from.step.generator_loss;
  to.real = from.step.real_logit;
  to.fake = from.step.fake_logit;
  to.discriminator_gradient = from.step.discriminator_gradient;
  to.generator_gradient = from.step.generator_gradient;
  to.guard = from.guard;
  to.line = ProgressLine({.images = to.images,
                          .of = to.total,
                          .images_per_second = to.images_per_second,
                          .generator_loss = to.generator_loss,
                          .discriminator_loss = to.discriminator_loss,
                          .real_score = to.real,
                          .fake_score = to.fake,
                          .generator_gradient = to.generator_gradient,
                          .discriminator_gradient = to.discriminator_gradient,
                          .guard = from.guard});
  return to;
}

void RunTraining(const TrainOptions& options, const TrainEvents& events, TrainResult& result) {
  Trainer::Options wanted;
  wanted.recipe = RecipeOf(options);
  wanted.device = TrainingDeviceNamed(options.device);
  wanted.resume = !options.resume.empty();
  CheckCombinations(wanted.recipe,
                    wanted.device.is_cuda() ? TrainingDevice::kGpu : TrainingDevice::kProcessor);
  const auto processes = Processes::FromEnvironment(wanted.device);
  fs::path run = wanted.resume ? options.resume : options.run;
  if (run.empty()) run = NewRun(wanted.recipe.name);
  // Every process must speak of the same folder, and train with the same threads.
  wanted.run = processes->Broadcast(run.string());
  wanted.threads = wanted.recipe.train.threads > 0 ? static_cast<int>(wanted.recipe.train.threads)
                                                   : ThreadPool::AvailableProcessors();
  TrainerEvents told;
  told.cancel = CoreFlag(events.cancel);
  told.progress = [&](const TrainerProgress& progress) {
    if (!events.progress) return;
    events.progress(Public(progress));
  };
  told.message = [&](const std::string& kind, const std::string& text, const nlohmann::json& what) {
    if (events.message) events.message({kind, text, what.dump()});
  };
  Trainer trainer(wanted, *processes, told);
  const TrainerResult done = trainer.Run();
  result.run = wanted.run.string();
  result.images = done.images;
  result.finished = done.finished;
  result.stopped_by_guard = done.stopped_by_guard;
  for (const Figure& figure : done.figures) result.figures.emplace_back(figure.name, figure.value);
}

}  // namespace
}  // namespace gan::core

extern "C" __attribute__((visibility("default"))) void GanTrain(const char* version,
                                                                const gan::TrainOptions* options,
                                                                const gan::TrainEvents* events,
                                                                gan::TrainResult* result) {
  gan::core::CheckPluginVersion(version);
  gan::core::WithTorchErrors([&] { gan::core::RunTraining(*options, *events, *result); });
}
