#include "training/run_evaluation.h"

#include <algorithm>

#include "backends/torch/backend.h"
#include "training/flat_parameters.h"
#include "training/sample_grid.h"

namespace gan::core {
namespace {

// Of the latents that are judged: another than the grids' and than any training's.
constexpr uint64_t kEvaluationSeed = 0x6576616c;

// What the guard looks at, whether the recipe asks for it or not.
constexpr std::string_view kHealth[] = {"coverage", "variety", "memorisation"};

// The shipped network knows small grey characters alone.
std::string FeaturesFor(const Recipe& recipe, const Dataset& data) {
  constexpr int64_t kSmall = 32;
  if (recipe.evaluate.features != "auto") return recipe.evaluate.features;
  return data.channels() <= 2 && data.width() <= kSmall ? "glyphs" : "pixels";
}

}  // namespace

PictureSource SourceOf(const Dataset& data) {
  return [data](int64_t first, int64_t count) {
    Tensor out(DType::kF32, Shape{count, data.channels(), data.height(), data.width()});
    const auto size = static_cast<size_t>(data.elements());
    for (int64_t i = 0; i < count; ++i) {
      data.Read(first + i, out.floats().subspan(static_cast<size_t>(i) * size, size));
    }
    return out;
  };
}

RunEvaluation::RunEvaluation(const Recipe& recipe, const Dataset& data, int threads)
    : recipe_(recipe),
      classes_(recipe.network.conditional ? static_cast<int64_t>(data.classes().size()) : 0),
      backend_(MakeTorchBackend({.threads = threads, .device = "cpu"})) {
  EvaluationOptions options;
  options.metrics = recipe.evaluate.metrics;
  for (const std::string_view name : kHealth) {
    if (std::ranges::find(options.metrics, name) == options.metrics.end()) {
      options.metrics.emplace_back(name);
    }
  }
  options.features = FeaturesFor(recipe, data);
  // Pixels are all that is looked at: none may be left out.
  if (options.features == "pixels") options.resizer = Resizer::kAntialias;
  options.samples = recipe.evaluate.samples;
  options.reference_name = recipe.data.split;
  options.neighbours = recipe.evaluate.neighbours;
  options.seed = kEvaluationSeed;
  options.threads = threads;
  evaluation_ = std::make_unique<Evaluation>(options, *backend_, SourceOf(data), data.count(),
                                             data.fingerprint());
}

Figures RunEvaluation::Evaluate(AdversarialTraining& training) {
  const PictureSource made = [&](int64_t first, int64_t count) {
    return ToTensor(SampleRange(training, kEvaluationSeed, classes_, first, count));
  };
  Figures all = evaluation_->Evaluate(made, recipe_.evaluate.samples);
  health_ = {.diversity = ValueOf(all, "variety"),
             .coverage = ValueOf(all, "coverage"),
             .recall = ValueOf(all, "recall"),
             .copies = ValueOf(all, "memorisation")};
  Figures wanted;
  for (Figure& figure : all) {
    const auto& names = recipe_.evaluate.metrics;
    if (std::ranges::find(names, figure.name) != names.end()) wanted.push_back(std::move(figure));
  }
  return wanted;
}

}  // namespace gan::core
