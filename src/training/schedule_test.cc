#include "training/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gan::core {
namespace {

Recipe::Schedule Made(const char* kind, int64_t warmup, double final) {
  Recipe::Schedule schedule;
  schedule.kind = kind;
  schedule.warmup = warmup;
  schedule.final = final;
  return schedule;
}

TEST(Schedule, Constant) {
  const Recipe::Schedule constant = Made("constant", 0, 0.1);
  for (const int64_t images : {0, 1, 500, 1000, 2000}) {
    EXPECT_EQ(ScheduledRate(constant, images, 1000), 1);
  }
}

TEST(Schedule, WarmupRisesFromAboveZero) {
  for (const char* kind : {"constant", "linear", "cosine"}) {
    const Recipe::Schedule schedule = Made(kind, 99, 0);
    EXPECT_DOUBLE_EQ(ScheduledRate(schedule, 0, 1099), 0.01);
    EXPECT_DOUBLE_EQ(ScheduledRate(schedule, 49, 1099), 0.5);
    EXPECT_DOUBLE_EQ(ScheduledRate(schedule, 99, 1099), 1);
  }
}

TEST(Schedule, LinearFallsAfterTheWarmup) {
  const Recipe::Schedule linear = Made("linear", 100, 0.2);
  EXPECT_DOUBLE_EQ(ScheduledRate(linear, 100, 1100), 1);
  EXPECT_DOUBLE_EQ(ScheduledRate(linear, 350, 1100), 0.8);
  EXPECT_DOUBLE_EQ(ScheduledRate(linear, 600, 1100), 0.6);
  EXPECT_DOUBLE_EQ(ScheduledRate(linear, 1100, 1100), 0.2);
  EXPECT_DOUBLE_EQ(ScheduledRate(linear, 9999, 1100), 0.2);
}

TEST(Schedule, CosineFallsAfterTheWarmup) {
  const Recipe::Schedule cosine = Made("cosine", 100, 0.2);
  EXPECT_DOUBLE_EQ(ScheduledRate(cosine, 100, 1100), 1);
  EXPECT_DOUBLE_EQ(ScheduledRate(cosine, 350, 1100), 0.6 + 0.4 * std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(ScheduledRate(cosine, 600, 1100), 0.6);
  EXPECT_DOUBLE_EQ(ScheduledRate(cosine, 1100, 1100), 0.2);
}

TEST(Schedule, WarmupAsLongAsTheTraining) {
  EXPECT_DOUBLE_EQ(ScheduledRate(Made("linear", 100, 0.2), 100, 100), 1);
}

}  // namespace
}  // namespace gan::core
