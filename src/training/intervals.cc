#include "training/intervals.h"

#include <algorithm>

namespace gan::core {
namespace {

// Steps between two lines of the log where the recipe leaves it open.
constexpr int64_t kLogSteps = 50;

}  // namespace

Intervals::Intervals(const Recipe& recipe) {
  const int64_t tenth = std::max<int64_t>(recipe.train.images / 10, 1);
  const int64_t step = recipe.train.batch * recipe.train.discriminator_steps;
  log = recipe.output.log_every > 0 ? recipe.output.log_every : kLogSteps * step;
  grid = recipe.output.grid_every > 0 ? recipe.output.grid_every : tenth;
  checkpoint = recipe.output.checkpoint_every > 0 ? recipe.output.checkpoint_every : tenth;
  evaluate = recipe.evaluate.every;
}

}  // namespace gan::core
