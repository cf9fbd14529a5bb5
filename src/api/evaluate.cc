#include "gan/evaluate.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "api/engine.h"
#include "api/picture_set.h"
#include "api/progress_state.h"
#include "base/error.h"
#include "media/picture.h"
#include "metrics/evaluation.h"
#include "metrics/neighbour_sheet.h"

namespace gan {
namespace {

core::EvaluationOptions OptionsOf(const EvaluateOptions& options, const EngineOptions& engine,
                                  const core::PictureSet& reference, int64_t made) {
  core::EvaluationOptions out;
  out.metrics = options.metrics;
  out.features = options.features;
  out.resizer = core::ResizerFromName(options.resizer);
  out.samples = made;
  out.reference = options.reference;
  out.reference_name = reference.name;
  out.neighbours = options.nearest;
  out.splits = options.splits;
  out.subsets = options.subsets;
  out.seed = options.seed;
  out.cache = options.cache;
  out.threads = engine.threads;
  return out;
}

// The sheet of samples beside the reference pictures that are most like them.
void WriteNeighbours(const EvaluateOptions& options, const core::PictureSet& made,
                     const core::PictureSet& reference, core::Evaluation& evaluation,
                     core::ThreadPool& pool, const core::CancelFlag* cancel) {
  const int64_t rows = std::min(options.neighbour_rows, made.count);
  const int64_t k = std::min(options.nearest, reference.count);
  const core::Tensor pictures = core::TakePictures(made.pictures, 0, rows);
  const core::Features features = evaluation.extractor().Extract(made.pictures, 0, rows, cancel);
  const core::Neighbours by_features = evaluation.NearestReference(features.values, k);
  const core::Neighbours by_pixels =
      core::NearestInPixels(pictures, reference.pictures, reference.count, k, pool, cancel);
  core::WritePicture(options.neighbours,
                     core::NeighbourSheet(pictures, reference.pictures, by_features, by_pixels));
}

}  // namespace

Evaluation Evaluate(const std::string& made_name, const std::string& reference_name,
                    const EvaluateOptions& options, const EngineOptions& engine_options,
                    const LoadOptions& load, const ProgressFn& progress,
                    const CancelFlag* cancel_flag) {
  const core::CancelFlag* cancel = CoreFlag(cancel_flag);
  if (!options.neighbours.empty()) {  // before the long job
    core::CheckPictureOptions(options.neighbours, {.width = 1, .height = 1}, {});
  }
  core::Engine engine(engine_options);
  const core::PictureSetOptions open{.size = options.size,
                                     .samples = options.samples,
                                     .seed = options.seed,
                                     .cache = options.cache,
                                     .threads = engine_options.threads,
                                     .max_memory = core::MemoryBudget(engine_options),
                                     .load = load,
                                     .cancel = cancel};
  const core::PictureSet made = core::OpenPictureSet(made_name, "train", open, *engine.backend);
  core::PictureSetOptions open_reference = open;
  open_reference.samples = 0;
  const core::PictureSet reference =
      core::OpenDataPictures(reference_name, options.split, open_reference);

  core::EvaluationOptions evaluation_options =
      OptionsOf(options, engine_options, reference, made.count);
  evaluation_options.cancel = cancel;
  // The reference is the longer half where it is larger; what share is which nobody needs exactly.
  const double share =
      static_cast<double>(reference.count) / static_cast<double>(reference.count + made.count);
  if (progress) evaluation_options.progress = [&](double done) { progress(done * share); };
  core::Evaluation evaluation(evaluation_options, *engine.backend, reference.pictures,
                              reference.count, reference.fingerprint);
  const core::PictureSource counted = [&](int64_t first, int64_t count) {
    if (progress) {
      progress(share + (1 - share) * static_cast<double>(first) / static_cast<double>(made.count));
    }
    return made.pictures(first, count);
  };

  Evaluation result;
  result.made = made_name;
  result.reference = reference_name;
  result.made_pictures = made.count;
  result.reference_pictures = evaluation.reference().gaussian.count;
  for (core::Figure& figure : evaluation.Evaluate(counted, made.count)) {
    result.figures.push_back(
        {figure.name, figure.value, figure.spread, std::move(figure.protocol)});
  }
  for (const core::PictureSet* set : {&made, &reference}) {
    result.notes.insert(result.notes.end(), set->notes.begin(), set->notes.end());
  }
  if (!options.neighbours.empty()) {
    WriteNeighbours(options, made, reference, evaluation, engine.pool, cancel);
    result.neighbours = options.neighbours;
  }
  if (progress) progress(1);
  return result;
}

}  // namespace gan
