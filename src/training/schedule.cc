#include "training/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gan::core {

double ScheduledRate(const Recipe::Schedule& schedule, int64_t images, int64_t total) {
  if (images < schedule.warmup) {
    // Not 0 at the start: a first step that changes nothing would be wasted.
    return static_cast<double>(images + 1) / static_cast<double>(schedule.warmup + 1);
  }
  const double left = static_cast<double>(std::max<int64_t>(total - schedule.warmup, 1));
  const double done = std::clamp(static_cast<double>(images - schedule.warmup) / left, 0.0, 1.0);
  if (schedule.kind == "linear") return 1 + (schedule.final - 1) * done;
  if (schedule.kind == "cosine") {
    return schedule.final + (1 - schedule.final) * 0.5 * (1 + std::cos(std::numbers::pi * done));
  }
  return 1;
}

}  // namespace gan::core
