#include "training/step_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace gan::core {
namespace {

// Every field different; the values add up exactly.
StepReport Numbered(double start) {
  return {.discriminator_loss = start,
          .generator_loss = start + 1,
          .penalty = start + 2,
          .real_logit = start + 3,
          .fake_logit = start + 4,
          .real_right = start + 5,
          .fake_right = start + 6,
          .real_sign = start + 7,
          .discriminator_gradient = start + 8,
          .generator_gradient = start + 9,
          .augmentation = start + 10,
          .rate = start + 11,
          .skipped = static_cast<int>(start) + 12};
}

TEST(StepReport, MeanOfASum) {
  StepReport sum;
  sum.Add(Numbered(10));
  sum.Add(Numbered(20));
  const StepReport mean = sum.Mean(2);
  nlohmann::ordered_json wanted = Numbered(15).ToJson();
  // The last counts.
  wanted["augmentation"] = 30.0;
  wanted["rate"] = 31.0;
  // And the sum.
  wanted["skipped"] = 22 + 32;
  EXPECT_EQ(mean.ToJson(), wanted);
  EXPECT_EQ(sum.discriminator_loss, 30);  // as it was
}

TEST(StepReport, MeanOfNothing) { EXPECT_EQ(StepReport().Mean(0).ToJson(), StepReport().ToJson()); }

TEST(StepReport, JsonRoundTripIsExact) {
  StepReport report = Numbered(1);
  report.discriminator_loss = 0.1;
  report.penalty = 1.0 / 3;
  report.real_logit = -1e-300;
  const auto json = nlohmann::ordered_json::parse(report.ToJson().dump());
  EXPECT_EQ(json.size(), 13u);
  const StepReport back = StepReport::FromJson(json);
  EXPECT_EQ(back.discriminator_loss, 0.1);
  EXPECT_EQ(back.penalty, 1.0 / 3);
  EXPECT_EQ(back.real_logit, -1e-300);
  EXPECT_EQ(back.skipped, 13);
  EXPECT_EQ(back.ToJson(), report.ToJson());
}

TEST(StepReport, WhatIsNotFiniteComesBackAsNaN) {
  StepReport report = Numbered(1);
  report.generator_loss = std::numeric_limits<double>::quiet_NaN();
  report.generator_gradient = std::numeric_limits<double>::infinity();
  const StepReport back =
      StepReport::FromJson(nlohmann::ordered_json::parse(report.ToJson().dump()));
  EXPECT_TRUE(std::isnan(back.generator_loss));
  EXPECT_TRUE(std::isnan(back.generator_gradient));
  EXPECT_EQ(back.penalty, report.penalty);
}

}  // namespace
}  // namespace gan::core
