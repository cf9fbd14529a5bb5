// Generators that make pictures from random numbers, through the program.
#include <gtest/gtest.h>

#include <algorithm>

#include "formats/npy.h"
#include "formats/safetensors.h"
#include "models/model.h"
#include "program.h"

namespace gan::testing {
namespace {

class LatentGenerator : public ::testing::Test {
 protected:
  // A small generator with random weights.
  std::string Write(const std::string& family, int64_t classes) {
    const core::ModelSizes sizes = {
        {"size", 16}, {"channels", 1}, {"latent", 6}, {"width", 4}, {"classes", classes}};
    std::string path = folder_ / (family + ".safetensors");
    core::WriteSafetensors(path, core::BuildRandom(family, sizes, 1).parameters);
    return path;
  }
  std::string Numbers(const std::string& name, const core::Shape& shape) {
    core::Tensor tensor(core::DType::kF32, shape);
    for (size_t i = 0; i < tensor.floats().size(); ++i) {
      tensor.floats()[i] = static_cast<float>(i % 3) - 1;
    }
    core::WriteNpy(folder_ / name, tensor);
    return folder_ / name;
  }

  Folder folder_;
};

TEST_F(LatentGenerator, RunsOnRows) {
  for (const char* family : {"dcgan", "resnet-gan", "r3gan"}) {
    SCOPED_TRACE(family);
    const std::string model = Write(family, 0);
    std::string first;
    for (const core::Shape& shape : {core::Shape{2, 6}, {2, 6, 1, 1}}) {
      const std::string out = folder_ / "y.npy";
      const Outcome outcome = RunGan({"run", model, "--in", Numbers("z.npy", shape), "--out", out});
      ASSERT_EQ(outcome.code, 0) << outcome.err;
      const core::Tensor pictures = core::ReadNpy(out);
      EXPECT_EQ(pictures.shape(), (core::Shape{2, 1, 16, 16}));
      EXPECT_LE(std::ranges::max(pictures.floats()), 1);
      EXPECT_GE(std::ranges::min(pictures.floats()), -1);
      if (first.empty()) first = ReadAll(out);
      EXPECT_EQ(ReadAll(out), first);
    }
  }
}

TEST_F(LatentGenerator, MakesTheClassesThatItIsTold) {
  const std::string model = Write("resnet-gan", 3);
  const std::string z = Numbers("z.npy", {3, 6});
  const std::string out = folder_ / "y.npy";
  ExpectOneLine(RunGan({"run", model, "--in", z, "--out", out}), 64);
  const std::string labels = Numbers("l.npy", {3});  // -1, 0, 1: the first is none
  ExpectOneLine(RunGan({"run", model, "--in", z, "--labels", labels, "--out", out}), 65);
  core::WriteNpy(labels, core::Tensor::Zeros(core::DType::kF32, {3}));
  const Outcome outcome = RunGan({"run", model, "--in", z, "--labels", labels, "--out", out});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(core::ReadNpy(out).shape(), (core::Shape{3, 1, 16, 16}));
}

TEST_F(LatentGenerator, InspectSaysWhatItTakes) {
  const std::string model = Write("r3gan", 5);
  const Outcome text = RunGan({"inspect", model, "--size", "100"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_NE(text.out.find("6 random numbers a picture, one of 5 classes"), std::string::npos)
      << text.out;
  EXPECT_NE(text.out.find("16 x 16 pixels, 1 channel\n"), std::string::npos);
  EXPECT_EQ(text.out.find("scale:"), std::string::npos);
  const auto json = nlohmann::json::parse(RunGan({"inspect", model, "--json"}).out)["model"];
  EXPECT_EQ(json["latent"], 6);
  EXPECT_EQ(json["classes"], 5);
  EXPECT_EQ(json["width"], 16);
  EXPECT_FALSE(json.contains("scale"));
}

TEST_F(LatentGenerator, EnlargesNothing) {
  const std::string model = Write("dcgan", 0);
  const Outcome outcome = RunGan({"upscale", folder_ / "none.png", "-m", model});
  ExpectOneLine(outcome, 64);
  EXPECT_NE(outcome.err.find("use gan sample"), std::string::npos) << outcome.err;
}

TEST_F(LatentGenerator, IsMeasured) {
  const Outcome outcome = RunGan({"bench", "--network", "resnet-gan", "--set", "width=4", "--set",
                                  "size=16", "--set", "classes=2", "--runs", "1", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("\"width\":16"), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace gan::testing
