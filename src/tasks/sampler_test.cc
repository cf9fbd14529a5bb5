#include "tasks/sampler.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"
#include "tasks/test_generator.h"

namespace gan::core {
namespace {

std::vector<SampleItem> Items(int64_t count, int64_t label = -1) {
  std::vector<SampleItem> items;
  for (int64_t i = 0; i < count; ++i) items.push_back({.latent = i, .label = label});
  return items;
}

std::vector<Tensor> Made(const Sampler& sampler, const std::vector<SampleItem>& items) {
  std::vector<Tensor> pictures;
  sampler.Make(items, {}, [&](size_t i, const Tensor& picture) {
    EXPECT_EQ(i, pictures.size());
    pictures.push_back(picture);
  });
  return pictures;
}

TEST(Sampler, PicturesDependOnTheirLatentAlone) {
  const Latents latents(4, 9);
  TestGenerator large({.pixel = true}), small({.pixel = true, .bytes_a_picture = 1000});
  const Sampler together(large, 0, latents, UINT64_MAX), few(small, 0, latents, 5000);
  EXPECT_EQ(together.picture(), (Shape{1, 4, 4}));
  EXPECT_EQ(together.batch(), 64);
  EXPECT_EQ(few.batch(), 4);
  const auto a = Made(together, Items(70)), b = Made(few, Items(70));
  EXPECT_EQ(large.largest_batch(), 64);
  EXPECT_EQ(small.largest_batch(), 4);
  ASSERT_EQ(a.size(), 70u);
  for (size_t i = 0; i < 70; ++i) {
    std::vector<float> z(4);
    latents.Fill(static_cast<int64_t>(i), z);
    EXPECT_FLOAT_EQ(a[i].floats()[1], (z[1] / 8 + 1) / 2);
    EXPECT_TRUE(std::ranges::equal(a[i].floats(), b[i].floats()));
  }
}

TEST(Sampler, LabelsAndInterpolationReachTheNetwork) {
  const Latents latents(Tensor::FromFloats({2, 2}, std::vector<float>{0, 4, 0, 8}));
  TestGenerator network({.latent = 2, .classes = 5});
  const Sampler sampler(network, 5, latents, UINT64_MAX);
  Sampler::Run run{.interpolation = Interpolation::kLinear};
  const std::vector<SampleItem> items{{.latent = 0, .towards = 1, .share = 0.25, .label = 3}};
  sampler.Make(items, run, [](size_t, const Tensor& picture) {
    EXPECT_FLOAT_EQ(picture.floats()[0], (3.0f / 16 + 1) / 2);
    EXPECT_FLOAT_EQ(picture.floats()[1], (5.0f / 8 + 1) / 2);
  });
}

TEST(Sampler, ClassesAreMixedByWeights) {
  const Latents latents(2, 1);
  TestGenerator network({.latent = 2, .classes = 5});
  const Sampler sampler(network, 5, latents, UINT64_MAX);
  const std::vector<SampleItem> items{{.label = 1, .to_label = 3, .label_share = 0.25},
                                      {.label = 4, .to_label = 4, .label_share = 0.5},
                                      {.label = 2, .to_label = 0, .label_share = 0}};
  const float wanted[] = {1.5f, 4, 2};
  const std::vector<Tensor> made = Made(sampler, items);
  for (size_t i = 0; i < 3; ++i) EXPECT_FLOAT_EQ(made[i].floats()[0], (wanted[i] / 16 + 1) / 2);
}

TEST(Sampler, WhatItCannotUseIsRefused) {
  TestGenerator plain({}), labelled({.classes = 3}), deep({.channels = 5});
  TestGenerator large({.bytes_a_picture = 1 << 20});
  const Latents latents(4, 1), other(5, 1);
  EXPECT_THROW(Sampler(plain, 3, latents, UINT64_MAX), Error);
  EXPECT_THROW(Sampler(labelled, 0, latents, UINT64_MAX), Error);
  EXPECT_THROW(Sampler(labelled, 4, latents, UINT64_MAX), Error);
  EXPECT_THROW(Sampler(deep, 0, latents, UINT64_MAX), Error);
  EXPECT_THROW(Sampler(plain, 0, other, UINT64_MAX), Error);
  EXPECT_THROW(Sampler(large, 0, latents, 1 << 20), Error);
}

TEST(Sampler, NanIsAnError) {
  TestGenerator network({.breaks_at = 66});
  const Latents latents(4, 1);
  const Sampler sampler(network, 0, latents, UINT64_MAX);
  try {
    Made(sampler, Items(70));
    ADD_FAILURE() << "a broken picture was given out";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kInternal);
    EXPECT_NE(std::string(e.what()).find("picture 66"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace gan::core
