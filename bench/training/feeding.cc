#include "bench/training/feeding.h"

#include <cstdio>

#include "base/error.h"
#include "bench/measure.h"
#include "data/dataset.h"
#include "training/adversarial_training.h"
#include "training/real_batches.h"

namespace gan::core::bench {
namespace {

// So many that what the feed prepared while the other side was timed is soon used up.
constexpr int kSteps = 100;

Recipe ConditionalRecipe(const std::string& data) {
  Recipe recipe;
  recipe.data.path = data;
  recipe.data.size = 28;
  recipe.data.channels = 1;
  recipe.network.conditional = true;
  recipe.network.latent = 64;
  recipe.network.generator_width = recipe.network.discriminator_width = 32;
  recipe.train.batch = 64;
  return recipe;
}

PairConfig PairOf(const Recipe& recipe, const Dataset& data) {
  return {.family = "dcgan",
          .size = recipe.data.size,
          .channels = recipe.data.channels,
          .classes = static_cast<int64_t>(data.classes().size()),
          .latent = recipe.network.latent,
          .generator_width = recipe.network.generator_width,
          .discriminator_width = recipe.network.discriminator_width,
          .generator_norm = true,
          .discriminator_norm = true};
}

void CheckBatch(const TrainingBatch& batch, const Recipe& recipe) {
  const at::Tensor& pictures = batch.pictures;
  const bool good = pictures.size(0) == recipe.train.batch &&
                    pictures.abs().le(1).all().item<bool>() && pictures.std().item<float>() > 0 &&
                    batch.labels.sum(1).eq(1).all().item<bool>();
  if (!good) Fail(ErrorCode::kInternal, "bench", "the feed gives a batch that is none");
}

}  // namespace

nlohmann::json MeasureFeeding(const std::string& path, int rounds) {
  const Recipe recipe = ConditionalRecipe(path);
  DatasetOptions options;
  options.path = path;
  options.size = recipe.data.size;
  options.channels = recipe.data.channels;
  const Dataset data = Dataset::Open(options);
  if (data.classes().empty()) Fail(ErrorCode::kBadData, "bench", "wants pictures with classes");
  const auto processes = Processes::Alone();
  AdversarialTraining training(recipe, PairOf(recipe, data), *processes, at::kCPU);
  RealBatches batches(data, recipe, *processes, at::kCPU);
  batches.Start(0, 0);
  const TrainingBatch first = batches.Next().front();
  CheckBatch(first, recipe);
  const TrainingBatch constant{first.pictures.clone(), first.labels.clone()};
  const std::vector<std::function<void()>> bodies = {[&] {
                                                       for (int i = 0; i < kSteps; ++i)
                                                         training.Step(batches.Next(), 100'000);
                                                     },
                                                     [&] {
                                                       for (int i = 0; i < kSteps; ++i)
                                                         training.Step(std::span(&constant, 1),
                                                                       100'000);
                                                     }};
  const std::vector<double> seconds = TimeInTurn(bodies, rounds);
  const auto rate = [&](double s) { return static_cast<double>(kSteps * recipe.train.batch) / s; };
  const double share = seconds[1] / seconds[0];
  std::printf("images/s from the data set %.0f, from one batch %.0f: %.1f %%\n", rate(seconds[0]),
              rate(seconds[1]), 100 * share);
  return {{"name", "feeding"},
          {"images_per_second", rate(seconds[0])},
          {"constant_images_per_second", rate(seconds[1])},
          {"ratio", share}};
}

}  // namespace gan::core::bench
