#include "gan/sample.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "api/testing_files.h"
#include "base/random.h"
#include "formats/npy.h"
#include "gan/checkpoint.h"
#include "gan/gan.h"
#include "gan/upscale.h"
#include "media/picture.h"

namespace gan {
namespace {

using core::Shape;
using core::Tensor;
using testing::TemporaryFolder;

constexpr int64_t kLatent = 5;

std::string WriteGenerator(const std::string& path, int64_t classes) {
  const core::Model model = core::BuildRandom(
      "dcgan", {{"size", 16}, {"latent", kLatent}, {"width", 2}, {"classes", classes}}, 1);
  std::map<std::string, std::string> metadata;
  if (classes == 3) metadata["gan.classes"] = R"(["cat", "dog", "cow"])";
  core::WriteSafetensors(path, model.parameters, metadata);
  return path;
}

ErrorCode CodeOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return error.code();
  }
  return ErrorCode{};
}

class SampleApi : public ::testing::Test {
 protected:
  std::string Given(const char* name, const Tensor& tensor) {
    core::WriteNpy(folder_ / name, tensor);
    return folder_ / name;
  }

  TemporaryFolder folder_;
  Model plain_ = Model::Load(WriteGenerator(folder_ / "plain.safetensors", 0));
  Model labelled_ = Model::Load(WriteGenerator(folder_ / "labelled.safetensors", 3));
};

TEST_F(SampleApi, ClassNamesComeFromTheFile) {
  ASSERT_TRUE(labelled_.info().latent);
  EXPECT_EQ(labelled_.info().latent->class_names, (std::vector<std::string>{"cat", "dog", "cow"}));
  EXPECT_NE(ToJson(labelled_.info()).find(R"("class_names":["cat","dog","cow"])"),
            std::string::npos);
}

TEST_F(SampleApi, ASheetDependsOnTheSeedAlone) {
  std::vector<double> shares;
  const SampleEvents events{.progress = [&](double share) { shares.push_back(share); }};
  const SampleResult result = Sample(plain_, folder_ / "a.png", {.count = 9, .seed = 4}, events);
  EXPECT_EQ(result.kind, "sheet");
  EXPECT_EQ(result.width, 16);
  EXPECT_EQ(shares.back(), 1);
  const Tensor sheet = core::ReadPicture(folder_ / "a.png");
  EXPECT_EQ(sheet.shape(), (Shape{3, 50, 50}));
  Sample(plain_, folder_ / "b.png", {.count = 4, .seed = 4, .columns = 2, .rows = 2});
  const Tensor fewer = core::ReadPicture(folder_ / "b.png");
  EXPECT_EQ(fewer.floats()[20], sheet.floats()[20]);
  Sample(plain_, folder_ / "c.png", {.count = 9, .seed = 5});
  EXPECT_FALSE(std::ranges::equal(core::ReadPicture(folder_ / "c.png").floats(), sheet.floats()));
}

// What the task writes is what the network makes.
TEST_F(SampleApi, GivenNumbersGiveTheNetworksPictures) {
  Tensor z(core::DType::kF32, {2, kLatent});
  core::Random(3).FillNormal(z.floats());
  const Tensor labels = Tensor::FromFloats({2}, std::vector<float>{2, 0});
  SampleOptions options{.columns = 2, .rows = 1};
  options.latents = Given("z.npy", z);
  options.labels = Given("k.npy", labels);
  Sample(labelled_, folder_ / "two.png", options);
  const Tensor sheet = core::ReadPicture(folder_ / "two.png");
  const Array made = labelled_.Run(ReadNpy(options.latents), ReadNpy(options.labels));
  for (int64_t x = 0; x < 16; ++x) {
    const auto at = static_cast<size_t>(x);
    const auto shown = [](float value) { return std::clamp((value + 1) / 2, 0.0f, 1.0f); };
    EXPECT_NEAR(sheet.floats()[at], shown(made.values[at]), 0.003);
    EXPECT_NEAR(sheet.floats()[17 + at], shown(made.values[3 * 256 + at]), 0.003);
  }
}

TEST_F(SampleApi, AFolderOfAllClassesHasAManifest) {
  SampleOptions options{.count = 2, .per_class = true, .which_class = "all"};
  const SampleResult result = Sample(labelled_, folder_ / "set", options);
  EXPECT_EQ(result.files, 6);
  std::ifstream file(folder_ / "set/manifest.json");
  const auto manifest = nlohmann::json::parse(file);
  EXPECT_EQ(manifest["pictures"][5]["class"], "cow");
  EXPECT_EQ(manifest["model"]["name"], "labelled.safetensors");
  EXPECT_EQ(manifest["model"]["hash"].get<std::string>().size(), 32u);
  EXPECT_TRUE(std::ifstream(folder_ / "set/cow/000005.png").good());
}

// So that the pictures can be made again: which numbers, and in which file they were.
TEST_F(SampleApi, TheManifestNamesGivenLatents) {
  const auto drawn = [&](const char* name, float first) {
    Tensor z = Tensor::Zeros(core::DType::kF32, {2, kLatent});
    z.floats()[0] = first;
    Sample(plain_, folder_ / "given", {.latents = Given(name, z), .overwrite = true});
    std::ifstream file(folder_ / "given/manifest.json");
    return nlohmann::json::parse(file);
  };
  const auto manifest = drawn("z.npy", 1), same = drawn("same.npy", 1), other = drawn("z.npy", 2);
  EXPECT_EQ(manifest["latents"]["name"], "z.npy");
  EXPECT_EQ(manifest["latents"]["kind"], "z");
  EXPECT_EQ(manifest["latents"]["hash"].get<std::string>().size(), 32u);
  EXPECT_TRUE(manifest["seed"].is_null());
  EXPECT_TRUE(manifest["rng"].is_null());
  EXPECT_EQ(manifest["pictures"][1]["index"], 1);
  EXPECT_EQ(same["latents"]["name"], "same.npy");
  EXPECT_EQ(same["latents"]["hash"], manifest["latents"]["hash"]);
  EXPECT_NE(other["latents"]["hash"], manifest["latents"]["hash"]);
  Sample(plain_, folder_ / "drawn", {.count = 1});
  std::ifstream file(folder_ / "drawn/manifest.json");
  const auto plain = nlohmann::json::parse(file);
  EXPECT_FALSE(plain.contains("latents"));
  EXPECT_EQ(plain["rng"], "torch");
}

TEST_F(SampleApi, WhatMakesNoSenseIsUsage) {
  const std::string out = folder_ / "x.png";
  const auto code = [&](const Model& model, const SampleOptions& options) {
    return CodeOf([&] { Sample(model, out, options); });
  };
  EXPECT_EQ(code(plain_, {.which_class = "all"}), ErrorCode::kUsage);
  EXPECT_EQ(code(labelled_, {.which_class = "horse"}), ErrorCode::kUsage);
  EXPECT_EQ(code(labelled_, {.labels = "k.npy", .which_class = "cat"}), ErrorCode::kUsage);
  EXPECT_EQ(code(plain_, {.truncation = 0.001}), ErrorCode::kUsage);
  EXPECT_EQ(code(plain_, {.truncation = 1, .latents = "z.npy"}), ErrorCode::kUsage);
  EXPECT_EQ(code(plain_, {.columns = 3}), ErrorCode::kUsage);
  EXPECT_EQ(code(plain_, {.latents = folder_ / "none.npy"}), ErrorCode::kNoInput);
  SampleOptions wrong;
  wrong.latents = Given("wrong.npy", Tensor::Zeros(core::DType::kF32, {2, kLatent + 1}));
  EXPECT_EQ(code(plain_, wrong), ErrorCode::kBadData);
  EXPECT_EQ(CodeOf([&] { Sample(plain_, "", {}); }), ErrorCode::kUsage);
  EXPECT_FALSE(std::ifstream(out).good());
}

TEST_F(SampleApi, TheOtherKindOfModelIsRefused) {
  const Model upscaler = Model::Load(testing::WriteCompact(folder_ / "compact.safetensors"));
  EXPECT_EQ(CodeOf([&] { Sample(upscaler, folder_ / "x.png"); }), ErrorCode::kUsage);
  core::WritePicture(folder_ / "p.png", Tensor::Zeros(core::DType::kF32, {3, 8, 8}));
  EXPECT_EQ(CodeOf([&] { Upscale(plain_, {folder_ / "p.png"}, folder_ / "q.png"); }),
            ErrorCode::kUsage);
}

TEST_F(SampleApi, ARunIsItsBestGenerator) {
  const std::filesystem::path run = folder_ / "run";
  std::filesystem::create_directories(run);
  EXPECT_EQ(CodeOf([&] { FindModel(run); }), ErrorCode::kNoInput);
  WriteGenerator(run / "generator.safetensors", 0);
  EXPECT_EQ(FindModel(run), (run / "generator.safetensors").string());
  WriteGenerator(run / "best.safetensors", 0);
  EXPECT_EQ(FindModel(run), (run / "best.safetensors").string());
}

TEST_F(SampleApi, TheCApiDraws) {
  gan_model* model = nullptr;
  gan_options* options = gan_options_new();
  ASSERT_EQ(gan_options_set(options, "count", "5"), GAN_OK);
  ASSERT_EQ(gan_model_load((folder_ / "plain.safetensors").c_str(), nullptr, &model), GAN_OK);
  char* json = nullptr;
  ASSERT_EQ(gan_sample(model, (folder_ / "c.png").c_str(), options, nullptr, nullptr, &json),
            GAN_OK)
      << gan_last_error();
  EXPECT_EQ(nlohmann::json::parse(json)["pictures"], 5);
  gan_string_free(json);
  const auto stop = [](void*, size_t, size_t, double) { return 1; };
  EXPECT_EQ(gan_sample(model, (folder_ / "d").c_str(), options, nullptr, nullptr, nullptr), GAN_OK);
  ASSERT_EQ(gan_options_set(options, "count", "200"), GAN_OK);
  EXPECT_EQ(gan_sample(model, (folder_ / "e").c_str(), options, stop, nullptr, nullptr),
            GAN_INTERRUPTED);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "e"));
  EXPECT_EQ(gan_sample(model, nullptr, options, nullptr, nullptr, nullptr), GAN_USAGE);
  gan_options_free(options);
  gan_model_free(model);
}

}  // namespace
}  // namespace gan
