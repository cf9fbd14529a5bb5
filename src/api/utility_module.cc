// The module's side of gan::MeasureUtility(). Compiled into libgan_training.so alone.
#include "api/utility_module.h"

#include "api/progress_state.h"
#include "base/thread_pool.h"
#include "runs/recipe.h"
#include "runs/run_directory.h"
#include "runtime/plugin.h"
#include "training/torch_errors.h"
#include "training/utility.h"

namespace gan::core {
namespace {

UtilityMeasure Public(std::string name, const Comparison& from) {
  return {.name = std::move(name),
          .without = from.before.mean,
          .without_deviation = from.before.deviation,
          .with = from.after.mean,
          .with_deviation = from.after.deviation,
          .gain = from.gain.mean,
          .gain_deviation = from.gain.deviation,
          .margin = from.margin,
          .clear = from.clear};
}

// To the pictures that a run was trained on.
void LimitAs(const std::string& run, DatasetOptions& data) {
  const Recipe recipe = ReadRecipe(RunPaths{run}.Recipe());
  data.limit = recipe.data.limit;
  data.limit_per_class = recipe.data.limit_per_class;
  data.seed = static_cast<uint64_t>(recipe.train.seed);
}

void Measure(const gan::UtilityOptions& from, const gan::ProgressFn& progress,
             const gan::CancelFlag* cancel, UtilityReport& report) {
  UtilityOptions options;
  options.real.path = report.real;
  options.real.size = from.size;
  options.real.cache = from.cache;
  if (!from.run.empty()) LimitAs(from.run, options.real);
  options.generated = report.generated;
  options.train_split = from.train_split;
  options.test_split = from.test_split;
  options.per_class = from.per_class;
  options.generated_per_class = from.generated_per_class;
  options.trials = from.trials;
  options.steps = from.steps;
  options.batch = from.batch;
  options.seed = from.seed;
  options.threads = from.threads > 0 ? from.threads : ThreadPool::AvailableProcessors();
  const UtilityResult result = RunUtility(options, progress, CoreFlag(cancel));
  report.classes = result.classes;
  report.real_pictures = result.real_pictures;
  report.generated_pictures = result.generated_pictures;
  report.test_pictures = result.test_pictures;
  report.trials = options.trials;
  report.measures = {Public("accuracy", result.accuracy),
                     Public("balanced_accuracy", result.balanced)};
  report.verdict = result.verdict;
}

}  // namespace
}  // namespace gan::core

extern "C" __attribute__((visibility("default"))) void GanUtility(
    const char* version, const gan::UtilityOptions* options, const gan::ProgressFn* progress,
    const gan::CancelFlag* cancel, gan::UtilityReport* report) {
  gan::core::CheckPluginVersion(version);
  gan::core::WithTorchErrors([&] { gan::core::Measure(*options, *progress, cancel, *report); });
}
