// Generators against what their official implementations made of the same input, through `gan run`.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "formats/npy.h"
#include "media/picture.h"
#include "program.h"

namespace gan::testing {
namespace {

// Of the largest difference to `wanted`, as a share of wanted's range.
double WorstDifference(const core::Tensor& got, const core::Tensor& wanted) {
  EXPECT_TRUE(got.shape() == wanted.shape())
      << got.shape().ToString() << " instead of " << wanted.shape().ToString();
  const auto g = got.floats();
  const auto w = wanted.floats();
  if (g.size() != w.size()) return INFINITY;
  double worst = 0;
  for (size_t i = 0; i < g.size(); ++i) {
    worst = std::max(worst, std::abs(static_cast<double>(g[i]) - w[i]));
  }
  const auto [low, high] = std::minmax_element(w.begin(), w.end());
  return worst / (static_cast<double>(*high) - *low);
}

core::Tensor RunOn(const std::string& model, const std::string& input,
                   std::vector<std::string> arguments) {
  const Folder folder;
  const std::string out = folder / "y.npy";
  arguments.insert(arguments.begin(), {"run", model, "--in", input, "--out", out});
  const Outcome outcome = RunGan(arguments);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  return outcome.code == 0 ? core::ReadNpy(out) : core::Tensor();
}

struct Pair {
  const char* folder;
  const char* model = "model.pth";
  std::vector<std::string> arguments = {};  // what the other implementation was told
};

class Reference : public ::testing::TestWithParam<Pair> {
 protected:
  std::string folder() const { return std::string("reference/") + GetParam().folder; }

  void ExpectSame(std::vector<std::string> arguments) {
    const std::vector<std::string>& told = GetParam().arguments;
    arguments.insert(arguments.begin(), told.begin(), told.end());
    const core::Tensor got = RunOn(Shared(folder() + "/" + GetParam().model),
                                   Shared(folder() + "/input.npy"), arguments);
    const double worst = WorstDifference(got, core::ReadNpy(Shared(folder() + "/output.npy")));
    EXPECT_LE(worst, 1e-4);
    RecordProperty(arguments.back(), std::to_string(worst));
  }
};

TEST_P(Reference, OnEveryCpuTarget) {
  GAN_NEEDS_SHARED(folder());
  for (const std::string& target : CpuTargets()) {
    SCOPED_TRACE(target);
    ExpectSame({"--cpu-target", target});
  }
}

TEST_P(Reference, OnLibTorch) {
  GAN_NEEDS_SHARED(folder());
  if (!Doctor()["torch"]) GTEST_SKIP() << "this build has no LibTorch backend";
  ExpectSame({"--device", "torch"});
}

// "esrgan-new-x2" as a test's name, which takes no hyphens.
std::string NameOf(const ::testing::TestParamInfo<Pair>& pair) {
  std::string name = pair.param.folder;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Pairs, Reference,
    ::testing::Values(Pair{"animegan2"}, Pair{"compact-x4"}, Pair{"cut-resnet-antialias"},
                      Pair{"cyclegan-resnet"}, Pair{"dcgan-64"}, Pair{"esrgan-new-x2"},
                      Pair{"esrgan-new-x4"}, Pair{"esrgan-old-x4"}, Pair{"pix2pix-unet"},
                      Pair{"stylegan2-pkl", "model.pkl", {"--truncation", "0.7"}},
                      Pair{"stylegan2-port", "model.pt"}),
    NameOf);

// What the mapping writes is what the pictures are made of.
TEST(Styles, GoThroughAFile) {
  GAN_NEEDS_SHARED("reference/stylegan2-pkl/model.pkl");
  const std::string model = Shared("reference/stylegan2-pkl/model.pkl");
  const std::string input = Shared("reference/stylegan2-pkl/input.npy");
  const core::Tensor wanted = core::ReadNpy(Shared("reference/stylegan2-pkl/output.npy"));
  const Folder folder;
  const auto map = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"run", model, "--in", input, "--out", folder / "w.npy"});
    words.push_back("--mapping-only");
    const Outcome outcome = RunGan(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return core::ReadNpy(folder / "w.npy").shape();
  };
  const core::Shape w{wanted.shape()[0], 64};
  EXPECT_EQ(map({}), w);
  const core::Tensor late =
      RunOn(model, folder / "w.npy", {"--latent", "w", "--truncation", "0.7"});
  EXPECT_LE(WorstDifference(late, wanted), 1e-4);
  EXPECT_EQ(map({"--truncation", "0.7"}), w);
  EXPECT_LE(WorstDifference(RunOn(model, folder / "w.npy", {"--latent", "w"}), wanted), 1e-4);
  EXPECT_EQ(map({"--truncation", "0.7", "--truncation-cutoff", "3"}),
            (core::Shape{wanted.shape()[0], 8, 64}));
  EXPECT_GT(WorstDifference(RunOn(model, folder / "w.npy", {}), wanted), 1e-4);
}

constexpr const char* kAnime = "weights/realesr-animevideov3/realesr-animevideov3";

TEST(Formats, SameWeightsGiveSameBytes) {
  GAN_NEEDS_SHARED(std::string(kAnime) + ".pth");
  const std::string input = Shared("reference/compact-x4/input.npy");
  const Folder folder;
  std::string first;
  for (const char* ending : {".pth", "-rezipped-deflate.pth", ".safetensors"}) {
    SCOPED_TRACE(ending);
    const std::string out = folder / "y.npy";
    const Outcome outcome =
        RunGan({"run", Shared(std::string(kAnime) + ending), "--in", input, "--out", out});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    if (first.empty()) first = ReadAll(out);
    EXPECT_EQ(ReadAll(out), first);
  }
  // Converted by ourselves, too.
  const std::string converted = folder / "z.safetensors";
  ASSERT_EQ(RunGan({"convert", Shared(std::string(kAnime) + ".pth"), converted}).code, 0);
  ASSERT_EQ(RunGan({"run", converted, "--in", input, "--out", folder / "z.npy"}).code, 0);
  EXPECT_EQ(ReadAll(folder / "z.npy"), first);
}

TEST(Formats, NcnnDiffersByTruncationToHalfAlone) {
  GAN_NEEDS_SHARED(std::string(kAnime) + "-x4.param");
  const std::string input = Shared("reference/compact-x4/input.npy");
  const core::Tensor exact = RunOn(Shared(std::string(kAnime) + ".pth"), input, {});
  const core::Tensor half = RunOn(Shared(std::string(kAnime) + "-x4.param"), input, {});
  // Weights are cut to 11 bits: up to 2^-10 each, and the errors of 18 layers add up.
  const double worst = WorstDifference(half, exact);
  EXPECT_LE(worst, 0.01);
  EXPECT_GT(worst, 0) << "not a model in fp16";
}

// The stored results are of the same weights in fp32: the same but for roundings to a level.
TEST(Formats, SwiftSrganOnPictures) {
  for (const char* scale : {"2x", "4x"}) {
    const std::string model = std::string("weights/swift-srgan/swift_srgan_") + scale + ".pth.tar";
    GAN_NEEDS_SHARED(model);
    for (const char* size : {"16x16", "32x32", "64x64"}) {
      SCOPED_TRACE(std::string(size) + " " + scale);
      const std::string folder = std::string("reference/spandrel/") + size;
      const Folder scratch;
      const std::string out = scratch / "out.png";
      const Outcome outcome =
          RunGan({"upscale", Shared(folder + "/input.png"), "-m", Shared(model), "-o", out});
      ASSERT_EQ(outcome.code, 0) << outcome.err;
      const core::Tensor got = core::ReadPicture(out);
      const core::Tensor wanted =
          core::ReadPicture(Shared(folder + "/swift_srgan_" + scale + ".png"));
      ASSERT_TRUE(got.shape() == wanted.shape()) << got.shape().ToString();
      size_t off = 0;
      for (size_t i = 0; i < got.floats().size(); ++i) {
        const double levels = std::abs(double{got.floats()[i]} - wanted.floats()[i]) * 255;
        EXPECT_LE(levels, 1.01);
        off += levels > 0.5;
      }
      EXPECT_LE(static_cast<double>(off), static_cast<double>(got.floats().size()) / 1000);
    }
  }
}

// The stored results ran in fp32, the file holds fp16.
TEST(Formats, RealCuganOnPictures) {
  const std::string model = "weights/real-cugan-ncnn/models-se/up2x-no-denoise.param";
  GAN_NEEDS_SHARED(model);
  for (const char* size : {"32x32", "64x64"}) {
    SCOPED_TRACE(size);
    const std::string folder = std::string("reference/spandrel/") + size;
    const Folder scratch;
    const std::string out = scratch / "out.png";
    const Outcome outcome =
        RunGan({"upscale", Shared(folder + "/input.png"), "-m", Shared(model), "-o", out});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const core::Tensor got = core::ReadPicture(out);
    const core::Tensor wanted = core::ReadPicture(Shared(folder + "/up2x-latest-no-denoise.png"));
    ASSERT_TRUE(got.shape() == wanted.shape()) << got.shape().ToString();
    size_t near = 0;
    const auto g = got.floats();
    const auto w = wanted.floats();
    for (size_t i = 0; i < g.size(); ++i) near += std::abs(g[i] - w[i]) * 255 <= 2.01;
    EXPECT_GE(static_cast<double>(near) / g.size(), 0.99);
  }
}

}  // namespace
}  // namespace gan::testing
