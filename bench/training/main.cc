// gan_training_benchmark [--threads N] [--rounds N] [--json FILE] [--data DATA]: a step of our
// trainer beside the same step written straight on LibTorch; with data, beside steps that need not
// wait for it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "bench/measure.h"
#include "bench/training/expert_step.h"
#include "bench/training/feeding.h"
#include "training/adversarial_training.h"

namespace gan::core::bench {
namespace {

struct Case {
  std::string name;
  ExpertSizes sizes;
  int64_t batch;
};

Recipe RecipeFor(const Case& c) {
  Recipe recipe;
  recipe.network.latent = c.sizes.latent;
  recipe.network.generator_width = recipe.network.discriminator_width = c.sizes.width;
  recipe.network.norm = recipe.network.discriminator_norm = "batch";
  recipe.train.batch = c.batch;
  recipe.ema.half_life = static_cast<int64_t>(c.sizes.average_half_life);
  return recipe;
}

PairConfig PairOf(const Case& c) {
  return {.family = "dcgan",
          .size = c.sizes.size,
          .channels = c.sizes.channels,
          .latent = c.sizes.latent,
          .generator_width = c.sizes.width,
          .discriminator_width = c.sizes.width,
          .generator_norm = true,
          .discriminator_norm = true};
}

// The latents that our step `step` draws for itself, so that both see the same.
at::Tensor LatentsOf(const Case& c, uint64_t step) {
  StepRandom random(1, StepRandom::Purpose::kLatent, step * AdversarialTraining::kPartsPerStep,
                    {0, c.batch, c.batch}, at::kCPU);
  return random.Normal(c.sizes.latent);
}

// Steps that must agree before anything is timed. Two roundings of one sum differ, and training
// amplifies the difference; after a few steps it is still far below what a mistake makes.
void Verify(const Case& c, AdversarialTraining& ours, ExpertStep& expert, const at::Tensor& real) {
  for (uint64_t step = 0; step < 5; ++step) {
    const TrainingBatch batch{real, {}};
    const StepReport report = ours.Step(std::span(&batch, 1), static_cast<int64_t>(step) * c.batch);
    const ExpertStep::Losses losses = expert.Step(real, LatentsOf(c, step));
    const double difference = std::max(std::abs(losses.discriminator - report.discriminator_loss),
                                       std::abs(losses.generator - report.generator_loss));
    if (difference < 1e-3 * (1 + std::abs(losses.generator))) continue;
    Fail(ErrorCode::kInternal, "bench",
         "{}: step {} gives losses {:.6f} and {:.6f}, the expert's {:.6f} and {:.6f}", c.name, step,
         report.discriminator_loss, report.generator_loss, losses.discriminator, losses.generator);
  }
}

nlohmann::json Measure(const Case& c, int rounds) {
  const auto processes = Processes::Alone();
  AdversarialTraining ours(RecipeFor(c), PairOf(c), *processes, at::kCPU);
  ExpertStep expert(c.sizes, ours.Save().tensors);
  const at::Tensor real =
      at::rand({c.batch, c.sizes.channels, c.sizes.size, c.sizes.size}).mul(2).sub(1);
  Verify(c, ours, expert, real);
  const at::Tensor z = LatentsOf(c, 0);
  const TrainingBatch batch{real, {}};
  const std::vector<std::function<void()>> bodies = {
      [&] { ours.Step(std::span(&batch, 1), 100'000); }, [&] { expert.Step(real, z); }};
  const std::vector<double> seconds = TimeInTurn(bodies, rounds);
  const double ratio = seconds[0] / seconds[1];
  std::printf("%-28s %9.2f %9.2f %8.2f %11.0f\n", c.name.c_str(), seconds[0] * 1e3,
              seconds[1] * 1e3, ratio, static_cast<double>(c.batch) / seconds[0]);
  std::fflush(stdout);
  return {{"name", c.name},
          {"ours_seconds", seconds[0]},
          {"expert_seconds", seconds[1]},
          {"ratio", ratio}};
}

int Run(std::span<const char* const> arguments) {
  int threads = 0, rounds = 15;
  std::string json, data;
  for (size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const std::string_view name = arguments[i];
    if (name == "--threads") threads = std::atoi(arguments[i + 1]);
    if (name == "--rounds") rounds = std::atoi(arguments[i + 1]);
    if (name == "--json") json = arguments[i + 1];
    if (name == "--data") data = arguments[i + 1];
  }
  if (threads > 0) at::set_num_threads(threads);
  const std::vector<Case> cases = {
      {"dcgan 28x28, width 32", {.size = 28, .latent = 64, .width = 32}, 64},
      {"dcgan 28x28, width 64", {.size = 28, .latent = 64, .width = 64}, 64},
      {"dcgan 64x64, width 32", {.size = 64, .channels = 3, .latent = 100, .width = 32}, 32},
  };
  std::printf("%d threads, medians of %d\n%-28s %9s %9s %8s %11s\n", at::get_num_threads(), rounds,
              "step", "ours ms", "expert ms", "ratio", "images/s");
  nlohmann::json all = nlohmann::json::array();
  for (const Case& c : cases) all.push_back(Measure(c, rounds));
  if (!data.empty()) all.push_back(MeasureFeeding(data, rounds));
  if (!json.empty()) std::ofstream(json) << all.dump(2) << '\n';
  return 0;
}

}  // namespace
}  // namespace gan::core::bench

int main(int argc, char** argv) {
  try {
    return gan::core::bench::Run(std::span(argv + 1, static_cast<size_t>(argc - 1)));
  } catch (const gan::Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return static_cast<int>(e.code());
  }
}
