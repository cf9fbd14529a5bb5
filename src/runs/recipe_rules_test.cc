#include "runs/recipe_rules.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "gan/error.h"

namespace gan::core {
namespace {

Recipe Sound() {
  Recipe recipe;
  recipe.name = "digits";
  recipe.data.path = "/data";
  return recipe;
}

// The message; empty when the recipe is fine.
std::string Refusal(const std::function<void(Recipe&)>& change,
                    TrainingDevice device = TrainingDevice::kProcessor) {
  Recipe recipe = Sound();
  change(recipe);
  try {
    CheckCombinations(recipe, device);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfiguration);
    return error.what();
  }
  return "";
}

TEST(RecipeRules, DefaultsAreSound) {
  EXPECT_EQ(Refusal([](Recipe&) {}), "");
}

// One recipe per rule, in the order of the table, that breaks that rule and none before it.
const std::vector<std::function<void(Recipe&)>>& Broken() {
  static const std::vector<std::function<void(Recipe&)>> all = {
      [](Recipe& r) { r.data.path = ""; },
      [](Recipe& r) { r.data.limit = r.data.limit_per_class = 5; },
      [](Recipe& r) { r.data.size = 48; },
      [](Recipe& r) { r.network.conditional = true, r.data.labels = "none"; },
      [](Recipe& r) { r.network.attention = true; },
      [](Recipe& r) { r.network.family = "r3gan", r.network.norm = "batch"; },
      [](Recipe& r) { r.network.init = "fixup"; },
      [](Recipe& r) { r.network.spectral_norm = true, r.network.discriminator_norm = "batch"; },
      [](Recipe& r) { r.regularisers.r2 = 1, r.network.discriminator_norm = "batch"; },
      [](Recipe& r) { r.loss.adversarial = "wasserstein"; },
      [](Recipe& r) {
        r.loss = {"wasserstein", true};
        r.network.spectral_norm = true;
      },
      [](Recipe& r) { r.regularisers.gradient_penalty = 10, r.regularisers.r1 = 1; },
      [](Recipe& r) { r.regularisers.lecam = 1, r.loss.relativistic = true; },
      [](Recipe& r) { r.augment.policy = "ada", r.loss.relativistic = true; },
      [](Recipe& r) { r.augment.operations = {"color"}; },
      [](Recipe& r) { r.augment.policy = "diffaugment", r.augment.operations = {"flip"}; },
      [](Recipe& r) { r.train.accumulate = 5; },
      [](Recipe& r) { r.schedule.warmup = r.train.images; },
      [](Recipe& r) { r.generator.learning_rate = 0; },
      [](Recipe& r) { r.evaluate.best = "kid"; },
      [](Recipe& r) { r.evaluate.neighbours = 50, r.evaluate.samples = 50; },
      [](Recipe& r) { r.train.precision = "fp16"; },
      [](Recipe& r) { r.train.precision = "bf16", r.regularisers.r1 = 1; },
  };
  return all;
}

TEST(RecipeRules, EachRefusesWithItsReason) {
  ASSERT_EQ(Broken().size(), RecipeRules().size());
  for (size_t i = 0; i < Broken().size(); ++i) {
    const std::string message = Refusal(Broken()[i]);
    EXPECT_NE(message.find(RecipeRules()[i].reason), std::string::npos) << i << ": " << message;
    EXPECT_EQ(message.find('`'), std::string::npos);
  }
  EXPECT_EQ(Refusal(Broken()[9]),
            "[recipe] digits: loss.adversarial = \"wasserstein\" with neither "
            "regularisers.gradient_penalty nor network.spectral_norm: nothing keeps the "
            "discriminator Lipschitz, so its loss has no bound: set regularisers.gradient_penalty "
            "= 10 or network.spectral_norm = true");
}

TEST(RecipeRules, WhatMakesSenseIsLetThrough) {
  const auto gpu = TrainingDevice::kGpu;
  EXPECT_EQ(Refusal([](Recipe& r) { r.train.precision = "fp16"; }, gpu), "");
  EXPECT_EQ(Refusal([](Recipe& r) { r.train.precision = "bf16", r.regularisers.r1 = 1; }, gpu), "");
  EXPECT_EQ(Refusal([](Recipe& r) { r.train.precision = "bf16"; }), "");
  EXPECT_EQ(Refusal([](Recipe& r) {
              r.loss.adversarial = "wasserstein";
              r.regularisers.gradient_penalty = 10;
            }),
            "");
  EXPECT_EQ(Refusal([](Recipe& r) {
              r.regularisers.gradient_penalty = 10;
              r.regularisers.gradient_penalty_centre = 0;
              r.regularisers.r1 = 1;
            }),
            "");
  for (const int64_t size : {0, 16, 28, 32, 64, 128, 256}) {
    EXPECT_EQ(Refusal([&](Recipe& r) { r.data.size = size; }), "") << size;
  }
}

TEST(RecipeRules, AutoNormGivesWayToPenalties) {
  Recipe recipe = Sound();
  EXPECT_TRUE(GeneratorHasBatchNorm(recipe));
  EXPECT_TRUE(DiscriminatorHasBatchNorm(recipe));
  recipe.network.spectral_norm = true;
  EXPECT_FALSE(DiscriminatorHasBatchNorm(recipe));
  recipe = Sound();
  recipe.regularisers.r1 = 1;
  EXPECT_FALSE(DiscriminatorHasBatchNorm(recipe));
  EXPECT_TRUE(GeneratorHasBatchNorm(recipe));
  recipe.network.family = "r3gan";
  EXPECT_FALSE(GeneratorHasBatchNorm(recipe));
  recipe.network.norm = "none";
  recipe.network.family = "dcgan";
  EXPECT_FALSE(GeneratorHasBatchNorm(recipe));
}

TEST(RecipeRules, RunsGoOnWithOtherFieldsButNotOtherNetworks) {
  const Recipe before = Sound();
  Recipe after = before;
  EXPECT_TRUE(ChangedFields(before, after).empty());
  after.train.images = 2'000'000;
  after.generator.learning_rate = 1e-5;
  EXPECT_NO_THROW(CheckContinues(before, after));
  EXPECT_EQ(ChangedFields(before, after),
            (std::vector<std::string>{"generator.learning_rate = 1e-05 (was 0.0002)",
                                      "train.images = 2000000 (was 1000000)"}));
  for (const auto& change : std::vector<std::function<void(Recipe&)>>{
           [](Recipe& r) { r.network.latent = 64; }, [](Recipe& r) { r.data.channels = 1; },
           [](Recipe& r) { r.discriminator.kind = "sgd"; }}) {
    Recipe other = before;
    change(other);
    try {
      CheckContinues(before, other);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kConfiguration);
    }
  }
}

TEST(RecipeRules, SaysWhatIsWrongWithTheData) {
  const auto message = [](const auto& call) -> std::string {
    try {
      call();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message([] { FailWithoutLabels(Sound()); }).find("[/data] network.conditional wants"),
            0u);
  EXPECT_EQ(message([] { CheckPictureCount(Sound(), 1); }),
            "[/data] has 1 picture, training wants at least 2; is data.path the right folder?");
  EXPECT_EQ(message([] { CheckPictureCount(Sound(), 2); }), "");
}

}  // namespace
}  // namespace gan::core
