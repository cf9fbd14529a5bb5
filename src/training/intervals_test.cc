#include "training/intervals.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

TEST(Intervals, Defaults) {
  Recipe recipe;
  recipe.train.images = 12'345;
  recipe.train.batch = 32;
  recipe.train.discriminator_steps = 5;
  const Intervals intervals(recipe);
  EXPECT_EQ(intervals.log, 50 * 32 * 5);
  EXPECT_EQ(intervals.grid, 1'234);
  EXPECT_EQ(intervals.checkpoint, 1'234);
  EXPECT_EQ(intervals.evaluate, 0);
  recipe.train.images = 3;
  EXPECT_EQ(Intervals(recipe).grid, 1);
}

TEST(Intervals, WhatTheRecipeSays) {
  Recipe recipe;
  recipe.output.log_every = 10;
  recipe.output.grid_every = 20;
  recipe.output.checkpoint_every = 30;
  recipe.evaluate.every = 40;
  const Intervals intervals(recipe);
  EXPECT_EQ(intervals.log, 10);
  EXPECT_EQ(intervals.grid, 20);
  EXPECT_EQ(intervals.checkpoint, 30);
  EXPECT_EQ(intervals.evaluate, 40);
}

TEST(Intervals, Crossed) {
  EXPECT_FALSE(Intervals::Crossed(100, 0, 99));
  EXPECT_TRUE(Intervals::Crossed(100, 0, 100));
  EXPECT_TRUE(Intervals::Crossed(100, 99, 100));
  EXPECT_FALSE(Intervals::Crossed(100, 100, 199));
  EXPECT_TRUE(Intervals::Crossed(100, 150, 450));
  EXPECT_FALSE(Intervals::Crossed(100, 100, 100));
  EXPECT_FALSE(Intervals::Crossed(0, 0, 100));
}

}  // namespace
}  // namespace gan::core
