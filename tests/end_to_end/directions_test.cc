// `gan latent`: directions, edits and projections as a user asks for them.
#include <gtest/gtest.h>

#include <sstream>

#include "formats/npy.h"
#include "formats/safetensors.h"
#include "media/picture.h"
#include "models/model.h"
#include "program.h"

namespace gan::testing {
namespace {

using Words = std::vector<std::string>;

class Latent : public ::testing::Test {
 protected:
  void SetUp() override {
    const core::Model model = core::BuildRandom(
        "dcgan",
        {{"size", 16}, {"latent", 4}, {"width", 4}, {"classes", 3}, {"channels", 1}, {"norm", 0}},
        2);
    core::WriteSafetensors(model_, model.parameters);
  }

  Outcome Run(const std::string& command, Words words) {
    words.insert(words.begin(), {"latent", command});
    return RunGan(words);
  }
  static nlohmann::json LastLine(const std::string& text) {
    std::istringstream lines(text);
    nlohmann::json last;
    for (std::string line; std::getline(lines, line);) last = nlohmann::json::parse(line);
    return last;
  }

  Folder folder_;
  std::string model_ = folder_ / "g.safetensors";
};

TEST_F(Latent, DirectionsComeWithASheetAndMovePictures) {
  const std::string directions = folder_ / "d.npy";
  const Outcome found = Run("directions", {model_, "-o", directions, "-n", "3", "--class", "1"});
  ASSERT_EQ(found.code, 0) << found.err;
  EXPECT_NE(found.out.find("3 directions of 4 numbers in z"), std::string::npos) << found.out;
  EXPECT_EQ(core::ReadNpy(directions).shape(), (core::Shape{3, 4}));
  EXPECT_EQ(core::PictureReader(folder_ / "d.png").info().width, 7 * 17 - 1);
  EXPECT_TRUE(core::PictureReader(folder_ / "d.png").info().has_xmp);

  const std::string moved = folder_ / "moved.npy", picture = folder_ / "moved.png";
  const Outcome edited =
      Run("edit", {model_, "--seed", "3", "-n", "2", "--class", "1", "--directions", directions,
                   "--move", "2=1.5", "-o", picture, "--write-latents", moved, "--json"});
  ASSERT_EQ(edited.code, 0) << edited.err;
  EXPECT_EQ(LastLine(edited.out)["space"], "z");
  EXPECT_EQ(LastLine(edited.out)["pictures"], 2);
  // Other commands make the same of it.
  const std::string again = folder_ / "again.png";
  ASSERT_EQ(RunGan({"sample", "-m", model_, "-z", moved, "--class", "1", "-o", again}).code, 0);
  EXPECT_EQ(ReadAll(again), ReadAll(picture));
}

TEST_F(Latent, SameBytesForAnyThreads) {
  for (const char* threads : {"1", "3"}) {
    const std::string out = folder_ / (std::string(threads) + ".npy");
    const Outcome outcome = Run("directions", {model_, "-o", out, "--method", "pca", "--samples",
                                               "300", "--threads", threads});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }
  EXPECT_EQ(ReadAll(folder_ / "1.npy"), ReadAll(folder_ / "3.npy"));
  EXPECT_EQ(ReadAll(folder_ / "1.png"), ReadAll(folder_ / "3.png"));
}

TEST_F(Latent, APictureLeadsBackToItsLatent) {
  const std::string z = folder_ / "z.npy", found = folder_ / "found.npy";
  core::WriteNpy(z, core::Tensor::FromFloats({1, 4}, std::vector<float>{0.5, -1, 1, 0.2f}));
  ASSERT_EQ(
      RunGan({"sample", "-m", model_, "-z", z, "--class", "2", "-o", folder_ / "in.png"}).code, 0);
  const Words words = {
      folder_ / "in.png", "-m",     model_,      "-o", found, "--steps", "150", "--picture",
      folder_ / "b.png",  "--json", "--threads", "1"};
  const Outcome outcome = Run("project", words);
  if (!Doctor()["torch"]) {
    ExpectOneLine(outcome, 78);
    return;
  }
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json result = LastLine(outcome.out);
  EXPECT_LT(result["error"].get<double>(), result["start_error"].get<double>() / 10);
  EXPECT_GE(result["label"].get<int>(), 0);
  EXPECT_EQ(core::PictureReader(folder_ / "b.png").info().width, 33);
  EXPECT_EQ(core::ReadNpy(found).shape(), (core::Shape{1, 4}));
  const std::string first = ReadAll(found);
  ASSERT_EQ(Run("project", words).code, 0);
  EXPECT_EQ(ReadAll(found), first);
  ExpectOneLine(Run("project", {folder_ / "none.png", "-m", model_, "-o", found}), 66);
  ExpectOneLine(Run("project", {folder_ / "in.png", "-m", model_, "-o", found, "--latent", "w"}),
                64);
  ExpectOneLine(Run("project", {folder_ / "in.png", "-m", model_, "-o", found, "--class", "3"}),
                64);
  EXPECT_EQ(ReadAll(found), first);
}

TEST_F(Latent, WhatGoesWrongIsOneLineAndNoFile) {
  const std::string out = folder_ / "out.npy", picture = folder_ / "out.png";
  const std::string upscaler = WriteModel(folder_ / "m.safetensors");
  const std::string directions = folder_ / "d.npy", wrong = folder_ / "wrong.npy";
  core::WriteNpy(directions, core::Tensor::Zeros(core::DType::kF32, {2, 4}));
  core::WriteNpy(wrong, core::Tensor::Zeros(core::DType::kF32, {2, 5}));
  const Words before = folder_.files();
  ExpectOneLine(Run("directions", {upscaler, "-o", out}), 64);
  ExpectOneLine(Run("directions", {model_, "-o", out, "--class", "3"}), 64);
  ExpectOneLine(Run("directions", {model_, "-o", out, "--layers", "0-1"}), 64);
  ExpectOneLine(Run("directions", {model_, "-o", folder_ / "out.csv"}), 64);
  ExpectOneLine(Run("directions", {folder_ / "none", "-o", out}), 66);
  ExpectOneLine(Run("directions", {model_, "-o", folder_ / "no/such/out.npy"}), 73);
  ExpectOneLine(Run("edit", {upscaler, "-o", picture}), 64);
  ExpectOneLine(Run("edit", {model_}), 64);
  const auto edit = [&](const Words& words) {
    Words all = {model_, "-o", picture};
    all.insert(all.end(), words.begin(), words.end());
    return Run("edit", all);
  };
  ExpectOneLine(edit({"--directions", directions, "--move", "2=1"}), 64);
  ExpectOneLine(edit({"--directions", directions, "--move", "1"}), 64);
  ExpectOneLine(edit({"--directions", wrong, "--move", "1=1"}), 65);
  ExpectOneLine(edit({"--in", wrong}), 65);
  ExpectOneLine(edit({"--in", directions, "--latent", "w"}), 64);
  ExpectOneLine(edit({"--class", "3"}), 64);
  ExpectOneLine(RunGan({"latent"}), 64);
  EXPECT_EQ(folder_.files(), before);
}

}  // namespace
}  // namespace gan::testing
