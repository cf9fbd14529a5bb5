// Which fields of a recipe do not go together, and why.
#ifndef GAN_RUNS_RECIPE_RULES_H_
#define GAN_RUNS_RECIPE_RULES_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runs/recipe.h"

namespace gan::core {

// Where a recipe is to be trained; some arithmetic exists on GPUs alone.
enum class TrainingDevice { kProcessor, kGpu };

struct RecipeRule {
  std::string_view refused;  // `network.discriminator_norm = "batch"` with ...
  std::string_view reason;   // and what to do instead
  bool (*broken)(const Recipe& recipe, TrainingDevice device);
};

std::span<const RecipeRule> RecipeRules();

// Error kConfiguration with the first rule that is broken: `[recipe] NAME: ... : why`.
void CheckCombinations(const Recipe& recipe, TrainingDevice device);

// Whether the networks have batch norm, "auto" resolved: the one place that decides it.
bool GeneratorHasBatchNorm(const Recipe& recipe);
bool DiscriminatorHasBatchNorm(const Recipe& recipe);

// Any regulariser that differentiates a gradient.
bool HasGradientPenalty(const Recipe& recipe);

// What a conditional recipe gets on data without classes, and a data set that is too small.
// Error kBadData, naming the data.
[[noreturn]] void FailWithoutLabels(const Recipe& recipe);
void CheckPictureCount(const Recipe& recipe, int64_t pictures);

// What a run is told anew when it goes on: "train.images = 1200000 (was 600000)".
std::vector<std::string> ChangedFields(const Recipe& before, const Recipe& after);

// Error kConfiguration: a field was changed that a checkpoint cannot follow, because the networks,
// the pictures or the optimisers' state would be others.
void CheckContinues(const Recipe& before, const Recipe& after);

// The table of docs/recipes.md.
std::string RecipeRuleTable();

}  // namespace gan::core

#endif  // GAN_RUNS_RECIPE_RULES_H_
