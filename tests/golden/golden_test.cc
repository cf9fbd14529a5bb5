#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "backends/cpu/backend.h"
#include "base/random.h"
#include "formats/checkpoint.h"
#include "formats/ncnn.h"
#include "formats/npy.h"
#include "kernels/target.h"
#include "media/picture.h"
#include "models/geometry.h"
#include "models/model.h"
#include "tasks/published_latents.h"

namespace gan::core {
namespace {

const std::filesystem::path kShared = GAN_SHARED_DIR;

#define GAN_NEEDS(path)                                                               \
  if (!std::filesystem::exists(kShared / (path))) {                                   \
    GTEST_SKIP() << "needs " << (kShared / (path)).string() << ", which is not here"; \
  }

Tensor RunOnCpu(const Model& model, const Tensor& input) {
  ThreadPool pool(2);
  const auto executable = MakeCpuBackend(pool)->Compile(model.graph, model.parameters);
  return RunOnce(*executable, std::span(&input, 1)).at(0);
}

Model DetectFile(const std::filesystem::path& path) {
  const Checkpoint checkpoint = ReadCheckpoint(path);
  return DetectModel(checkpoint.tensors, checkpoint.modules);
}

Model NcnnFile(const std::filesystem::path& param, const std::filesystem::path& bin) {
  const Limits limits;
  NcnnNetwork network =
      ReadNcnn(FileSource(param, limits.file_bytes), FileSource(bin, limits.file_bytes));
  return ModelFromGraph(std::move(network.graph), std::move(network.parameters), "ncnn");
}

struct Reference {
  const char* folder;
  const char* description;
};

class Golden : public testing::TestWithParam<Reference> {};

TEST_P(Golden, EqualsTheOfficialImplementation) {
  const std::filesystem::path folder = kShared / "reference" / GetParam().folder;
  GAN_NEEDS(folder);
  const Model model = DetectFile(folder / "model.pth");
  EXPECT_EQ(model.description, GetParam().description);
  const Tensor wanted = ReadNpy(folder / "output.npy");
  const Tensor got = RunOnCpu(model, ReadNpy(folder / "input.npy"));
  ASSERT_EQ(got.shape(), wanted.shape());
  const auto [low, high] = std::ranges::minmax(wanted.floats());
  float worst = 0;
  for (size_t i = 0; i < wanted.floats().size(); ++i) {
    worst = std::max(worst, std::abs(got.floats()[i] - wanted.floats()[i]));
  }
  RecordProperty("worst", std::to_string(worst / (high - low)));
  EXPECT_LE(worst, 1e-4f * (high - low));
}

INSTANTIATE_TEST_SUITE_P(
    References, Golden,
    testing::Values(Reference{"esrgan-old-x4", "ESRGAN x4: 2 RRDB blocks, 32 features, growth 16"},
                    Reference{"esrgan-new-x4", "ESRGAN x4: 2 RRDB blocks, 32 features, growth 16"},
                    Reference{"esrgan-new-x2", "ESRGAN x2: 2 RRDB blocks, 32 features, growth 16"},
                    Reference{"compact-x4",
                              "Real-ESRGAN compact x4: 6 convolutions, 32 features, PReLU"},
                    Reference{"dcgan-64", "DCGAN 64 x 64, 3 channels: from 100 random numbers"}),
    [](const auto& test) {
      std::string name = test.param.folder;
      std::ranges::replace(name, '-', '_');
      return name;
    });

// A trained generator of digits, in a sequence called "net" within a training checkpoint. What it
// makes of one latent is no picture that this repository holds; that it is a digit on black is.
TEST(DcganMnist, MakesDigits) {
  const std::filesystem::path file = kShared / "weights/dcgan-mnist-aamirmalik/generator.pt";
  GAN_NEEDS(file);
  const Model model = DetectFile(file);
  EXPECT_EQ(model.description, "DCGAN 28 x 28, 1 channel: from 100 random numbers");
  Tensor z(DType::kF32, {4, 100, 1, 1});
  Random(3).FillNormal(z.floats());
  const Tensor got = RunOnCpu(model, z);
  EXPECT_EQ(got.shape(), (Shape{4, 1, 28, 28}));
  const auto share = [&](const auto& is) {
    return static_cast<double>(std::ranges::count_if(got.floats(), is)) /
           static_cast<double>(got.floats().size());
  };
  EXPECT_GT(share([](float x) { return x < -0.9f; }), 0.6);
  EXPECT_GT(share([](float x) { return x > 0.5f; }), 0.05);
}

// Samples of their sheet that differ: 8 x 8 digits, a pixel of white between them, each pixel shown
// as 4 x 4, and 0 to 255 by cutting off. None by more than a level.
size_t DifferentSamples(const Tensor& made, const std::filesystem::path& file) {
  const Tensor sheet = ReadPicture(file);
  const auto side = static_cast<size_t>(sheet.shape()[2]);
  size_t different = 0;
  for (size_t i = 0; i < made.floats().size(); ++i) {
    const size_t picture = i / 784, y = i % 784 / 28, x = i % 28;
    const size_t row = 4 * (picture / 8 * 29 + y), column = 4 * (picture % 8 * 29 + x);
    const auto wanted = static_cast<int>(std::lround(sheet.floats()[row * side + column] * 255));
    const auto level = static_cast<int>(255 * (made.floats()[i] + 1) / 2);
    EXPECT_LE(std::abs(level - wanted), 1) << file << " sample " << i;
    different += level != wanted ? 1 : 0;
  }
  return different;
}

// The plain loops give their very sheets; in vectors tanh is a unit in the last place off where it
// reaches 1, and cutting off shows that.
TEST(DcganMnist, SeedsGiveTheAuthorsSheets) {
  const std::filesystem::path folder = kShared / "weights/dcgan-mnist-aamirmalik";
  GAN_NEEDS(folder);
  const Model model = DetectFile(folder / "generator.pt");
  for (const int seed : {1, 2}) {
    Tensor z(DType::kF32, {64, 100, 1, 1});
    FillAsTorch(static_cast<uint64_t>(seed), z.floats());
    const std::filesystem::path sheet = folder / fmt::format("grid_{}.png", seed);
    EXPECT_LE(DifferentSamples(RunOnCpu(model, z), sheet), 2u);
    kernels::SetTarget("reference");
    EXPECT_EQ(DifferentSamples(RunOnCpu(model, z), sheet), 0u);
    kernels::SetTarget("auto");
  }
}

// The reference's input is numpy.random.RandomState(11).randn(2, 64).
TEST(NumpyNumbers, AreThoseOfTheReference) {
  GAN_NEEDS("reference/stylegan2-pkl");
  const Tensor wanted = ReadNpy(kShared / "reference/stylegan2-pkl/input.npy");
  Tensor got(DType::kF32, wanted.shape());
  FillAsNumpy(11, got.floats());
  EXPECT_TRUE(std::ranges::equal(got.floats(), wanted.ToFloat().floats()));
}

TEST(WganGpMnist, BothNetworksAreKnown) {
  const std::filesystem::path folder = kShared / "weights/wgan-gp-mnist-akanametov";
  GAN_NEEDS(folder);
  EXPECT_EQ(DetectFile(folder / "generator.pt").description,
            "DCGAN 28 x 28, 1 channel: from 64 random numbers");
  EXPECT_THROW(DetectFile(folder / "critic.pt"), Error);
}

// One model in five encodings.
TEST(AnimeVideo, EveryEncodingGivesTheSamePicture) {
  const std::filesystem::path folder = kShared / "weights/realesr-animevideov3";
  GAN_NEEDS(folder);
  const Model zip = DetectFile(folder / "realesr-animevideov3.pth");
  EXPECT_EQ(zip.description, "Real-ESRGAN compact x4: 18 convolutions, 64 features, PReLU");
  const Tensor input = ReadNpy(kShared / "reference/compact-x4/input.npy");
  const Tensor wanted = RunOnCpu(zip, input);
  for (const char* name :
       {"realesr-animevideov3-rezipped-deflate.pth", "realesr-animevideov3.safetensors"}) {
    const Tensor got = RunOnCpu(DetectFile(folder / name), input);
    EXPECT_TRUE(std::ranges::equal(got.floats(), wanted.floats())) << name;
  }
  const auto bin = folder / "realesr-animevideov3-x4.bin";
  const Model ncnn = NcnnFile(folder / "realesr-animevideov3-x4.param", bin);
  const Tensor got = RunOnCpu(ncnn, input);
  ASSERT_EQ(got.shape(), wanted.shape());
  // ncnn's weights were cut to fp16: about one part in a thousand each.
  for (size_t i = 0; i < got.floats().size(); ++i) {
    ASSERT_NEAR(got.floats()[i], wanted.floats()[i], 0.02) << i;
  }
  const PictureGeometry half =
      GeometryOf(NcnnFile(folder / "realesr-animevideov3-x2.param", bin).graph);
  EXPECT_EQ(half.scale_num, 2);
  EXPECT_EQ(half.scale_den, 1);
}

TEST(Ncnn, GeometryOfRealNetworks) {
  const std::filesystem::path waifu =
      kShared / "weights/waifu2x-ncnn/upconv_7_photo/scale2.0x_model.param";
  GAN_NEEDS(waifu);
  const PictureGeometry plain = GeometryOf(ReadNcnn(waifu).graph);
  EXPECT_EQ(plain, (PictureGeometry{.scale_num = 2, .margin = 7, .context = 7}));
  const PictureGeometry cugan = GeometryOf(
      ReadNcnn(kShared / "weights/real-cugan-ncnn/models-se/up2x-no-denoise.param").graph);
  EXPECT_EQ(cugan.scale_num, 2);
  EXPECT_EQ(cugan.margin, 18);
  EXPECT_EQ(cugan.multiple, 2);
  EXPECT_TRUE(cugan.everything);
}

// [1, C, H + 2 margin, W + 2 margin] of [C, H, W], by reflection.
Tensor Reflected(const Tensor& picture, int64_t margin) {
  const Shape& from = picture.shape();
  Tensor out(DType::kF32, {1, from[0], from[1] + 2 * margin, from[2] + 2 * margin});
  const auto mirror = [](int64_t i, int64_t size) {
    i = std::abs(i);
    return i < size ? i : 2 * (size - 1) - i;
  };
  size_t at = 0;
  for (int64_t c = 0; c < from[0]; ++c) {
    for (int64_t y = -margin; y < from[1] + margin; ++y) {
      for (int64_t x = -margin; x < from[2] + margin; ++x) {
        const int64_t row = c * from[1] + mirror(y, from[1]);
        out.floats()[at++] =
            picture.floats()[static_cast<size_t>(row * from[2] + mirror(x, from[2]))];
      }
    }
  }
  return out;
}

TEST(RealCugan, EqualsTheStoredResults) {
  GAN_NEEDS("reference/spandrel/32x32");
  NcnnNetwork network =
      ReadNcnn(kShared / "weights/real-cugan-ncnn/models-se/up2x-no-denoise.param");
  EXPECT_TRUE(network.half);
  const Model model =
      ModelFromGraph(std::move(network.graph), std::move(network.parameters), "ncnn");
  for (const char* size : {"32x32", "64x64"}) {
    const std::filesystem::path folder = kShared / "reference/spandrel" / size;
    const Tensor wanted = ReadPicture(folder / "up2x-latest-no-denoise.png");
    const Tensor got = RunOnCpu(model, Reflected(ReadPicture(folder / "input.png"), 18));
    ASSERT_EQ(got.shape().elements(), wanted.shape().elements());
    size_t close = 0;
    for (size_t i = 0; i < wanted.floats().size(); ++i) {
      const float level = std::round(std::clamp(got.floats()[i], 0.0f, 1.0f) * 255);
      close += std::abs(level - std::round(wanted.floats()[i] * 255)) <= 2 ? 1 : 0;
    }
    EXPECT_GE(static_cast<double>(close), 0.99 * static_cast<double>(wanted.floats().size()))
        << size;
  }
}

}  // namespace
}  // namespace gan::core
