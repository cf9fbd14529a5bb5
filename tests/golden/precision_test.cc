// What bf16 products cost: networks with them against themselves without. Both are reproducible, so
// the figures are those of the numbers' format and no machine's.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "backends/cpu/backend.h"
#include "base/random.h"
#include "formats/checkpoint.h"
#include "media/picture.h"
#include "models/model.h"

namespace gan::core {
namespace {

const std::filesystem::path kShared = GAN_SHARED_DIR;

Tensor RunWith(const CpuPasses& passes, const Model& model, const Tensor& input) {
  ThreadPool pool(2);
  const auto executable = MakeCpuBackend(pool, passes)->Compile(model.graph, model.parameters);
  return RunOnce(*executable, std::span(&input, 1)).at(0);
}

double Psnr(const Tensor& got, const Tensor& wanted, double range) {
  double sum = 0;
  for (size_t i = 0; i < wanted.floats().size(); ++i) {
    sum += std::pow(double{got.floats()[i]} - wanted.floats()[i], 2);
  }
  return 10 * std::log10(range * range * static_cast<double>(wanted.floats().size()) / sum);
}

// Waves with noise on them.
Tensor MadePicture(int64_t side) {
  Tensor picture(DType::kF32, {1, 3, side, side});
  Random random(5);
  random.FillNormal(picture.floats(), 0.03f);
  for (int64_t i = 0; i < picture.shape().elements(); ++i) {
    const double y = static_cast<double>(i / side % side), x = static_cast<double>(i % side);
    const double plane = static_cast<double>(i / (side * side));
    float& value = picture.floats()[static_cast<size_t>(i)];
    value += static_cast<float>(0.5 + 0.2 * std::sin(0.11 * x + plane) + 0.2 * std::cos(0.17 * y));
    value = std::clamp(value, 0.0f, 1.0f);
  }
  return picture;
}

struct RandomNetwork {
  const char* family;
  ModelSizes sizes;
};

class Precision : public testing::TestWithParam<RandomNetwork> {};

TEST_P(Precision, OfRandomWeightsIs50Decibels) {
  const Model model = BuildRandom(GetParam().family, GetParam().sizes, 3);
  const Tensor picture = MadePicture(64);
  const Tensor exact = RunWith({}, model, picture),
               rounded = RunWith({.bf16 = true}, model, picture);
  // The range that is there, which is no larger than the one that is allowed.
  const auto [low, high] = std::ranges::minmax(exact.floats());
  const double decibels = Psnr(rounded, exact, double{high} - low);
  RecordProperty("decibels", std::to_string(decibels));
  EXPECT_GE(decibels, 50) << model.description;
  EXPECT_LT(decibels, 100) << "nothing was rounded";
}
INSTANTIATE_TEST_SUITE_P(Families, Precision,
                         testing::Values(RandomNetwork{"esrgan", {{"num_block", 4}}},
                                         RandomNetwork{"compact", {{"num_conv", 16}}},
                                         RandomNetwork{"srgan", {}}));

struct RealNetwork {
  const char* file;
  float low, high;  // of what the network takes and makes
};

class RealPrecision : public testing::TestWithParam<RealNetwork> {};

TEST_P(RealPrecision, OnPhotographsIs50Decibels) {
  if (!std::filesystem::exists(kShared / GetParam().file)) {
    GTEST_SKIP() << "needs " << (kShared / GetParam().file).string() << ", which is not here";
  }
  const Checkpoint checkpoint = ReadCheckpoint(kShared / GetParam().file);
  const Model model = DetectModel(checkpoint.tensors, checkpoint.modules);
  for (const char* photo : {"0014.jpg", "0030.jpg", "ADE_val_00000114.jpg"}) {
    const Tensor picture = ReadPicture(kShared / "photos" / photo);
    // Of a size that every network takes.
    const int64_t height = picture.shape()[1] / 4 * 4, width = picture.shape()[2] / 4 * 4;
    Tensor input(DType::kF32, {1, 3, height, width});
    CopyElements(picture.Reshaped({1, 3, picture.shape()[1], picture.shape()[2]})
                     .view()
                     .Slice(2, 0, height)
                     .Slice(3, 0, width),
                 input.view());
    for (float& value : input.floats()) {
      value = GetParam().low + value * (GetParam().high - GetParam().low);
    }
    const Tensor exact = RunWith({}, model, input), rounded = RunWith({.bf16 = true}, model, input);
    const double decibels = Psnr(rounded, exact, double{GetParam().high} - GetParam().low);
    RecordProperty(photo, std::to_string(decibels));
    EXPECT_GE(decibels, 50) << photo;
  }
}
INSTANTIATE_TEST_SUITE_P(
    Checkpoints, RealPrecision,
    testing::Values(RealNetwork{"weights/realesr-animevideov3/realesr-animevideov3.pth", 0, 1},
                    RealNetwork{"weights/cyclegan-apple2orange-akanametov/generatorAB_e20.pt", -1,
                                1}));

}  // namespace
}  // namespace gan::core
