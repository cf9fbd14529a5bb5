// `gan sample`: sheets, folders and animations as a user asks for them.
#include <gtest/gtest.h>

#include <sstream>

#include "formats/safetensors.h"
#include "media/picture.h"
#include "models/model.h"
#include "program.h"

namespace gan::testing {
namespace {

using Words = std::vector<std::string>;

class Sample : public ::testing::Test {
 protected:
  void SetUp() override {
    const core::Model model = core::BuildRandom(
        "dcgan", {{"size", 28}, {"latent", 8}, {"width", 4}, {"classes", 3}, {"channels", 1}}, 2);
    core::WriteSafetensors(model_, model.parameters,
                           {{"gan.classes", R"(["circle", "square", "star"])"}});
  }

  Outcome Draw(Words words) {
    words.insert(words.begin(), {"sample", "-m", model_});
    return RunGan(words);
  }

  Folder folder_;
  std::string model_ = folder_ / "g.safetensors";
};

TEST_F(Sample, ASheetHasARowAClass) {
  const Outcome outcome = Draw({"--class", "all", "-n", "12", "-o", folder_ / "s.png"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("12 pictures of 28 x 28"), std::string::npos) << outcome.out;
  const core::PictureInfo info = core::PictureReader(folder_ / "s.png").info();
  EXPECT_EQ(info.colours, 1);
  EXPECT_EQ(info.width, 4 * 29 - 1);
  EXPECT_EQ(info.height, 3 * 29 - 1);
  EXPECT_TRUE(info.has_xmp);
}

TEST_F(Sample, ALabelledFolderIsTheSameForAnyNumberOfThreads) {
  for (const char* threads : {"1", "3"}) {
    const Outcome outcome = Draw({"--class", "all", "-n", "2", "--per-class", "--threads", threads,
                                  "--truncation", "0.8", "-o", folder_ / threads});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }
  const Words files = folder_.files();
  EXPECT_EQ(files.size(), 1u + 2 * 8u);
  for (const char* name : {"manifest.json", "labels.csv", "circle/000000.png", "star/000005.png"}) {
    const std::string one = ReadAll(folder_ / (std::string("1/") + name));
    EXPECT_FALSE(one.empty()) << name;
    EXPECT_EQ(one, ReadAll(folder_ / (std::string("3/") + name))) << name;
  }
  const auto manifest = nlohmann::json::parse(ReadAll(folder_ / "1/manifest.json"));
  EXPECT_EQ(manifest["pictures"].size(), 6u);
  ExpectOneLine(Draw({"-n", "1", "-o", folder_ / "1"}), 64);
}

TEST_F(Sample, AnAnimationMoves) {
  const Outcome outcome = Draw({"--interpolate", "slerp", "--frames", "6", "--class", "star", "-o",
                                folder_ / "a.webp", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  std::istringstream lines(outcome.out);
  nlohmann::json last;
  for (std::string line; std::getline(lines, line);) last = nlohmann::json::parse(line);
  EXPECT_EQ(last["event"], "end");
  EXPECT_EQ(last["kind"], "animation");
  EXPECT_EQ(last["frames"], 6);
  EXPECT_EQ(core::PictureReader(folder_ / "a.webp").info().width, 28);
}

// Through FFmpeg, where the build has it: else one line, and no file.
TEST_F(Sample, AnimationsOfEveryFormatAreTheSameForAnyThreads) {
  for (const std::string name : {"a.mp4", "a.apng", "a.gif"}) {
    const auto draw = [&](const std::string& threads) {
      return Draw({"--class", "all", "--frames", "8", "-o", folder_ / name, "--threads", threads});
    };
    const Words before = folder_.files();
    const Outcome first = draw("1");
    if (first.code == 78) {
      ExpectOneLine(first, 78);
      EXPECT_EQ(folder_.files(), before);
      continue;
    }
    ASSERT_EQ(first.code, 0) << first.err;
    EXPECT_NE(first.out.find("8 frames"), std::string::npos) << first.out;
    const std::string bytes = ReadAll(folder_ / name);
    ASSERT_EQ(draw("3").code, 0);
    EXPECT_TRUE(ReadAll(folder_ / name) == bytes) << name;
  }
}

TEST_F(Sample, WhatGoesWrongIsOneLineAndNoFile) {
  const std::string out = folder_ / "out.png";
  const std::string upscaler = WriteModel(folder_ / "m.safetensors");
  const Words before = folder_.files();
  ExpectOneLine(RunGan({"sample", "-m", upscaler, "-o", out}), 64);
  ExpectOneLine(RunGan({"sample", "-m", folder_ / "none", "-o", out}), 66);
  ExpectOneLine(Draw({"--class", "triangle", "-o", out}), 64);
  ExpectOneLine(Draw({"-n", "0", "-o", out}), 64);
  ExpectOneLine(Draw({"-n", "10", "--grid", "3x3", "-o", out}), 64);
  ExpectOneLine(Draw({"--frames", "9", "-o", out}), 64);
  ExpectOneLine(Draw({"-o", folder_ / "out.bmp"}), 64);
  ExpectOneLine(Draw({"-o", folder_ / "out.gif", "--frame-time", "5"}), 64);
  ExpectOneLine(Draw({"-z", folder_ / "none.npy", "-o", out}), 66);
  ExpectOneLine(Draw({"-o", folder_ / "no/such/out.png"}), 73);
  EXPECT_EQ(folder_.files(), before);
}

}  // namespace
}  // namespace gan::testing
