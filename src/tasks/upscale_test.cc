#include "tasks/upscale.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include "base/error.h"
#include "base/random.h"
#include "tasks/test_network.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class Upscale : public ::testing::Test {
 protected:
  Upscale() : root_(fs::temp_directory_path() / ("gan-upscale-" + std::to_string(getpid()))) {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~Upscale() override { fs::remove_all(root_); }

  fs::path MakePicture(const std::string& name, const Shape& shape, int bits = 8) const {
    Tensor picture(DType::kF32, shape);
    Random(1).FillUniform(picture.floats(), 0.2f, 0.8f);
    WritePicture(root_ / name, picture, {.bits = bits});
    return root_ / name;
  }

  PictureInfo InfoOf(const std::string& name) const { return PictureReader(root_ / name).info(); }

  ErrorCode CodeOf(const fs::path& from, const UpscaleOptions& options,
                   const char* to = "out.png") {
    try {
      UpscalePicture(network_, from, root_ / to, options);
    } catch (const Error& error) {
      EXPECT_FALSE(fs::exists(root_ / to));
      return error.code();
    }
    return ErrorCode{};
  }

  fs::path root_;
  TestNetwork network_{{.scale = 2, .layers = 1}};
};

TEST_F(Upscale, EnlargesByTheModelsScaleAndSaysSo) {
  const fs::path in = MakePicture("in.png", {3, 20, 31});
  const UpscaleResult result = UpscalePicture(network_, in, root_ / "out.png", {});
  EXPECT_EQ(result.in_width, 31);
  EXPECT_EQ(result.out_width, 62);
  EXPECT_EQ(result.out_height, 40);
  EXPECT_EQ(result.tiles, 1);
  EXPECT_TRUE(result.warnings.empty());
  EXPECT_EQ(InfoOf("out.png").width, 62);
  EXPECT_TRUE(InfoOf("out.png").has_xmp);
  UpscalePicture(network_, in, root_ / "silent.png", {.provenance = false});
  EXPECT_FALSE(InfoOf("silent.png").has_xmp);
}

TEST_F(Upscale, ReachesEverySizeFromTheModels) {
  const fs::path in = MakePicture("in.png", {3, 20, 30});
  const auto size = [&](const UpscaleOptions& options) {
    const UpscaleResult result = UpscalePicture(network_, in, root_ / "out.png", options);
    const PictureInfo info = InfoOf("out.png");
    EXPECT_EQ(info.width, result.out_width);
    EXPECT_EQ(info.height, result.out_height);
    EXPECT_EQ(result.warnings.empty(), info.width <= 60 && info.height <= 40);
    return std::to_string(info.width) + "x" + std::to_string(info.height);
  };
  EXPECT_EQ(size({.scale = 2.0}), "60x40");
  EXPECT_EQ(size({.scale = 3.0}), "90x60");
  EXPECT_EQ(size({.scale = 0.25}), "8x5");
  UpscaleOptions options;
  options.write.width = 45;
  EXPECT_EQ(size(options), "45x30");
  options.write.height = 33;
  EXPECT_EQ(size(options), "45x33");
  options.write.width.reset();
  EXPECT_EQ(size(options), "50x33");
}

TEST_F(Upscale, KeepsGreyAlphaAndDepth) {
  for (const int64_t channels : {1, 2, 3, 4}) {
    const fs::path in = MakePicture("in.png", {channels, 9, 7}, 16);
    UpscalePicture(network_, in, root_ / "out.png", {});
    EXPECT_EQ(InfoOf("out.png").channels(), channels);
    EXPECT_EQ(InfoOf("out.png").bits, 16);
  }
}

TEST_F(Upscale, AFileMayBecomeItself) {
  const fs::path in = MakePicture("in.png", {3, 20, 30});
  UpscalePicture(network_, in, in, {});
  EXPECT_EQ(InfoOf("in.png").width, 60);
}

TEST_F(Upscale, RefusesWhatMakesNoSense) {
  const fs::path in = MakePicture("in.png", {3, 20, 30});
  EXPECT_EQ(CodeOf(in, {.scale = 0.0}), ErrorCode::kUsage);
  EXPECT_EQ(CodeOf(in, {.scale = -1.0}), ErrorCode::kUsage);
  EXPECT_EQ(CodeOf(in, {.scale = 1e12}), ErrorCode::kUsage);
  EXPECT_EQ(CodeOf(in, {.scale = std::nan("")}), ErrorCode::kUsage);
  UpscaleOptions both{.scale = 2.0};
  both.write.width = 10;
  EXPECT_EQ(CodeOf(in, both), ErrorCode::kUsage);
  EXPECT_EQ(CodeOf(in, {}, "out.bmp"), ErrorCode::kUsage);
  EXPECT_EQ(CodeOf(root_ / "none.png", {}), ErrorCode::kNoInput);
}

TEST_F(Upscale, NamesTheMemoryThatWouldDo) {
  const fs::path in = MakePicture("in.png", {3, 200, 300});
  try {
    UpscalePicture(network_, in, root_ / "out.png", {.max_memory = 1'000'000});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    const std::string text = error.what();
    const double named = std::stod(text.substr(text.find("needs ") + 6));
    const auto enough = static_cast<uint64_t>(named * 1e6) + 1;
    EXPECT_NO_THROW(UpscalePicture(network_, in, root_ / "out.png", {.max_memory = enough}));
  }
}

TEST_F(Upscale, BrokenInputLeavesNoFile) {
  const fs::path in = MakePicture("in.png", {3, 200, 300});
  fs::resize_file(in, fs::file_size(in) / 2);
  EXPECT_EQ(CodeOf(in, {.tiles = {TileMode::kFixed, 64}}), ErrorCode::kBadData);
}

TEST_F(Upscale, WhatIsNotFiniteIsNoPicture) {
  TestNetwork broken({.scale = 2, .breaks_above = 0.5f});
  const fs::path in = MakePicture("in.png", {3, 20, 30});
  EXPECT_THROW(UpscalePicture(broken, in, root_ / "out.png", {}), Error);
  EXPECT_FALSE(fs::exists(root_ / "out.png"));
}

TEST_F(Upscale, CancellingLeavesNoFile) {
  const fs::path in = MakePicture("in.png", {3, 200, 300});
  CancelFlag cancel;
  EXPECT_EQ(CodeOf(in, {.tiles = {TileMode::kFixed, 64},
                        .progress = [&](double) { cancel.Cancel(); },
                        .cancel = &cancel}),
            ErrorCode::kInterrupted);
  EXPECT_EQ(std::distance(fs::directory_iterator(root_), fs::directory_iterator()), 1);
}

TEST_F(Upscale, TilesChangeNothingToTheEye) {
  const fs::path in = MakePicture("in.png", {3, 150, 170});
  UpscalePicture(network_, in, root_ / "whole.png", {.tiles = {TileMode::kOff}});
  const UpscaleResult result =
      UpscalePicture(network_, in, root_ / "tiles.png", {.tiles = {TileMode::kFixed, 64}});
  EXPECT_GT(result.tiles, 4);
  const Tensor whole = ReadPicture(root_ / "whole.png"), tiles = ReadPicture(root_ / "tiles.png");
  for (size_t i = 0; i < whole.floats().size(); ++i) {
    ASSERT_NEAR(whole.floats()[i], tiles.floats()[i], 1.01 / 255);
  }
}

}  // namespace
}  // namespace gan::core
