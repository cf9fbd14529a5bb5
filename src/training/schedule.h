// How the learning rates change while a training goes on.
#ifndef GAN_TRAINING_SCHEDULE_H_
#define GAN_TRAINING_SCHEDULE_H_

#include <cstdint>

#include "runs/recipe.h"

namespace gan::core {

// The factor on both learning rates after `images` of `total` real pictures: a linear rise over
// schedule.warmup, then constant, or a fall to schedule.final, linear or along a cosine
// (Loshchilov & Hutter 2017).
double ScheduledRate(const Recipe::Schedule& schedule, int64_t images, int64_t total);

}  // namespace gan::core

#endif  // GAN_TRAINING_SCHEDULE_H_
