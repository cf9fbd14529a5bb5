// Translators, StyleGAN, ONNX and mixtures as a program that links the library meets them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "api/testing_files.h"
#include "formats/safetensors.h"
#include "formats/testing/onnx_writer.h"
#include "gan/checkpoint.h"
#include "gan/error.h"
#include "gan/model.h"
#include "gan/sample.h"
#include "gan/upscale.h"
#include "media/picture.h"
#include "models/model.h"

namespace gan {
namespace {

using core::DType;
using core::Tensor;
using testing::TemporaryFolder;

template <class Call>
ErrorCode CodeOf(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode{};
}

std::string WritePicture(const std::string& path, int64_t channels, int64_t height, int64_t width) {
  Tensor picture(DType::kF32, {channels, height, width});
  for (size_t i = 0; i < picture.floats().size(); ++i) {
    picture.floats()[i] = static_cast<float>(i % 31) / 31;
  }
  core::WritePicture(path, picture, {});
  return path;
}

Model SmallTranslator(int64_t norm) {
  return Model::Random("cyclegan", {{"ngf", 4}, {"n_blocks", 1}, {"norm", norm}});
}

// 13 x 18 is no multiple of 4: padded, translated and cropped back.
TEST(Translate, KeepsEverySizeAndTheTransparency) {
  const TemporaryFolder folder;
  const Model model = SmallTranslator(0);
  for (const int64_t channels : {1, 3, 4}) {
    const std::string number = std::to_string(channels);
    const std::string from =
        WritePicture(folder / ("in" + number + ".png").c_str(), channels, 13, 18);
    const std::string to = folder / ("out" + number + ".png").c_str();
    const auto results = Translate(model, {from}, to);
    ASSERT_EQ(results.size(), 1u);
    ASSERT_EQ(results[0].status, UpscaleResult::Status::kDone) << results[0].message;
    const Tensor in = core::ReadPicture(from), out = core::ReadPicture(to);
    ASSERT_EQ(out.shape(), (core::Shape{std::max<int64_t>(channels, 3), 13, 18}));
    if (channels != 4) continue;
    const size_t alpha = static_cast<size_t>(3 * 13 * 18);
    EXPECT_TRUE(std::equal(in.floats().begin() + static_cast<std::ptrdiff_t>(alpha),
                           in.floats().end(),
                           out.floats().begin() + static_cast<std::ptrdiff_t>(alpha)));
  }
}

// What is written is what Run() makes of the samples in [-1, 1].
TEST(Translate, WritesWhatTheNetworkMakes) {
  const TemporaryFolder folder;
  const Model model = SmallTranslator(0);
  const std::string from = WritePicture(folder / "what.png", 3, 8, 12);
  Translate(model, {from}, folder / "made.png");
  Array input{{1, 3, 8, 12}, {}};
  const Tensor picture = core::ReadPicture(from);
  for (const float x : picture.floats()) input.values.push_back(2 * x - 1);
  const Array wanted = model.Run(input);
  const Tensor got = core::ReadPicture(folder / "made.png");
  for (size_t i = 0; i < wanted.values.size(); ++i) {
    const float sample = std::clamp((wanted.values[i] + 1) / 2, 0.0f, 1.0f);
    ASSERT_NEAR(got.floats()[i], sample, 0.51f / 255) << i;
  }
}

// The network's colours count: what a grey picture is translated to may be coloured, and what takes
// grey pictures takes the luma of coloured ones.
TEST(Translate, ColoursAreThoseOfTheNetwork) {
  const TemporaryFolder folder;
  for (const int64_t in : {1, 3}) {
    for (const int64_t out : {1, 3}) {
      const Model model = Model::Random(
          "cyclegan", {{"ngf", 4}, {"n_blocks", 1}, {"input_nc", in}, {"output_nc", out}}, 5);
      for (const int64_t channels : {1, 2, 3, 4}) {
        SCOPED_TRACE(fmt::format("{} to {}, picture of {}", in, out, channels));
        const std::string from = WritePicture(folder / "in.png", channels, 8, 12);
        const auto results = Translate(model, {from}, folder / "out.png");
        ASSERT_EQ(results.at(0).status, UpscaleResult::Status::kDone) << results[0].message;
        const Tensor given = core::ReadPicture(from), got = core::ReadPicture(folder / "out.png");
        ASSERT_EQ(got.shape(), (core::Shape{out + (channels % 2 == 0 ? 1 : 0), 8, 12}));
        Array input{{1, in, 8, 12}, {}};
        const int64_t colours = channels < 3 ? 1 : 3;
        for (int64_t i = 0; i < in * 96; ++i) {
          const auto at = [&](int64_t c) {
            return given.floats()[static_cast<size_t>(c * 96 + i % 96)];
          };
          const float luma =
              0.299f * at(0) + (colours == 3 ? 0.587f * at(1) + 0.114f * at(2) : 0.701f * at(0));
          input.values.push_back(2 * (in == 1 ? luma : at(colours == 3 ? i / 96 : 0)) - 1);
        }
        if (channels % 2 == 0) continue;  // transparent pixels take on their neighbours' colours
        const Array wanted = model.Run(input);
        for (size_t i = 0; i < wanted.values.size(); ++i) {
          const float sample = std::clamp((wanted.values[i] + 1) / 2, 0.0f, 1.0f);
          ASSERT_NEAR(got.floats()[i], sample, 0.6f / 255) << i;
        }
      }
    }
  }
}

TEST(Translate, NamesOutputsBesideInputs) {
  const TemporaryFolder folder;
  const std::string from = WritePicture(folder / "in.png", 3, 8, 8);
  const auto results = Translate(SmallTranslator(1), {from}, "");
  EXPECT_EQ(results.at(0).output, folder / "in_translated.png");
}

TEST(Translate, TilesAreForNetworksThatAllowThem) {
  const TemporaryFolder folder;
  const std::string from = WritePicture(folder / "in.png", 3, 64, 64);
  UpscaleOptions tiles;
  tiles.tiles = UpscaleOptions::Tiles::kFixed;
  tiles.tile_size = 48;
  EXPECT_EQ(CodeOf([&] { Translate(SmallTranslator(0), {from}, folder / "a.png", tiles); }),
            ErrorCode::kUsage);
  const auto results = Translate(SmallTranslator(1), {from}, folder / "b.png", tiles);
  EXPECT_EQ(results.at(0).status, UpscaleResult::Status::kDone) << results.at(0).message;
}

TEST(Translate, RefusesOtherNetworks) {
  const TemporaryFolder folder;
  const std::string from = WritePicture(folder / "in.png", 3, 8, 8);
  const auto code = [&](const std::string& family, const std::map<std::string, int64_t>& sizes) {
    return CodeOf([&] { Translate(Model::Random(family, sizes), {from}, folder / "o.png"); });
  };
  EXPECT_EQ(code("compact", {{"num_conv", 1}, {"num_feat", 4}}), ErrorCode::kUsage);
  EXPECT_EQ(code("dcgan", {{"size", 16}, {"width", 4}}), ErrorCode::kUsage);
}

// -- Dropout

Array NoisePicture(int64_t side) {
  Array input{{1, 3, side, side}, {}};
  for (int64_t i = 0; i < 3 * side * side; ++i) {
    input.values.push_back(static_cast<float>(i * 37 % 101) / 50 - 1);
  }
  return input;
}

double MeanDifference(const Array& a, const Array& b) {
  double sum = 0;
  for (size_t i = 0; i < a.values.size(); ++i) sum += std::abs(a.values[i] - b.values[i]);
  return sum / static_cast<double>(a.values.size());
}

struct Dropping {
  const char* family;
  std::map<std::string, int64_t> sizes;
  int64_t side;
};

const Dropping kDropping[] = {
    {"pix2pix", {{"ngf", 4}, {"num_downs", 6}}, 128},
    {"cyclegan", {{"ngf", 6}, {"n_blocks", 2}, {"dropout", 1}}, 24},
};

TEST(Dropout, VariesWithTheSeedAndNothingElse) {
  for (const Dropping& network : kDropping) {
    const Array input = NoisePicture(network.side);
    const auto made = [&](const DropoutOptions& dropout, int threads) {
      return Model::Random(network.family, network.sizes, 1, {.threads = threads}, dropout)
          .Run(input);
    };
    const Array plain = made({}, 1), first = made({.on = true}, 1);
    EXPECT_GT(MeanDifference(plain, first), 1e-3) << network.family;
    EXPECT_EQ(first.values, made({.on = true, .seed = 0}, 3).values) << network.family;
    EXPECT_EQ(first.values, made({.on = true}, 2).values) << network.family;
    EXPECT_GT(MeanDifference(first, made({.on = true, .seed = 1}, 1)), 1e-3) << network.family;
  }
}

TEST(Dropout, IsTheSameOnBothBackends) {
  const ErrorCode torch_there = CodeOf([] {
    Model::Random("compact", {{"num_conv", 1}}, 1, {.device = Device::kTorch});
  });
  if (torch_there == ErrorCode::kConfiguration) GTEST_SKIP() << "LibTorch is not in this build";
  for (const Dropping& network : kDropping) {
    const Array input = NoisePicture(network.side);
    const auto made = [&](Device device) {
      return Model::Random(network.family, network.sizes, 1, {.device = device},
                           {.on = true, .seed = 9})
          .Run(input);
    };
    const Array own = made(Device::kCpu), torch = made(Device::kTorch);
    for (size_t i = 0; i < own.values.size(); ++i) {
      ASSERT_NEAR(own.values[i], torch.values[i], 2e-4) << network.family << " " << i;
    }
  }
}

TEST(Dropout, IsRefusedWhereNothingIsKnownOfIt) {
  const auto code = [](const std::map<std::string, int64_t>& sizes, const DropoutOptions& dropout) {
    return CodeOf([&] { Model::Random("pix2pix", sizes, 1, {}, dropout); });
  };
  const std::map<std::string, int64_t> shallow = {{"ngf", 2}, {"num_downs", 5}};
  const std::map<std::string, int64_t> deep = {{"ngf", 2}, {"num_downs", 6}};
  EXPECT_FALSE(Model::Random("pix2pix", shallow).info().dropout);
  EXPECT_TRUE(Model::Random("pix2pix", deep).info().dropout);
  EXPECT_EQ(code(shallow, {.on = true}), ErrorCode::kUsage);
  EXPECT_EQ(code(deep, {.seed = 3}), ErrorCode::kUsage);
  EXPECT_EQ(code(deep, {}), ErrorCode{});
}

// -- StyleGAN

Model SmallStyleGan(int64_t classes = 0) {
  return Model::Random("stylegan2", {{"size", 8},
                                     {"latent", 6},
                                     {"style", 6},
                                     {"base", 32},
                                     {"mapping", 2},
                                     {"classes", classes}});
}

Array SomeLatents(int64_t count) {
  Array z{{count, 6}, {}};
  for (int64_t i = 0; i < 6 * count; ++i) z.values.push_back(std::sin(static_cast<float>(i)));
  return z;
}

TEST(Style, NoTruncationIsAllTheWayAndZeroIsTheAverage) {
  const Model model = SmallStyleGan();
  EXPECT_TRUE(model.info().styles);
  const Array z = SomeLatents(2);
  // With psi 0 every latent makes the same picture.
  const Array average = model.WithStyle({.truncation = 0}).Run(z);
  const size_t half = average.values.size() / 2;
  EXPECT_TRUE(std::equal(average.values.begin(),
                         average.values.begin() + static_cast<std::ptrdiff_t>(half),
                         average.values.begin() + static_cast<std::ptrdiff_t>(half)));
  const Array some = model.WithStyle({.truncation = 0.5}).Run(z);
  EXPECT_NE(some.values, average.values);
}

TEST(Style, NoiseIsStoredDrawnOrOff) {
  const Model model = SmallStyleGan();
  const Array z = SomeLatents(1);
  using Noise = StyleOptions::Noise;
  const Array stored = model.Run(z);
  const Array off = model.WithStyle({.noise = Noise::kOff}).Run(z);
  const Array one = model.WithStyle({.noise = Noise::kRandom, .noise_seed = 1}).Run(z);
  const Array again = model.WithStyle({.noise = Noise::kRandom, .noise_seed = 1}).Run(z);
  const Array two = model.WithStyle({.noise = Noise::kRandom, .noise_seed = 2}).Run(z);
  EXPECT_NE(stored.values, off.values);
  EXPECT_NE(stored.values, one.values);
  EXPECT_EQ(one.values, again.values);
  EXPECT_NE(one.values, two.values);
}

TEST(Style, TakesLabelsAsNumbersAndOneHot) {
  const Model model = SmallStyleGan(3);
  const Array z = SomeLatents(2);
  const Array by_number = model.Run(z, {{2}, {2, 0}});
  const Array one_hot = model.Run(z, {{2, 3}, {0, 0, 1, 1, 0, 0}});
  EXPECT_EQ(by_number.values, one_hot.values);
  EXPECT_EQ(CodeOf([&] { model.Run(z, {{2}, {3, 0}}); }), ErrorCode::kBadData);
  EXPECT_EQ(CodeOf([&] { model.Run(z); }), ErrorCode::kUsage);
  EXPECT_EQ(CodeOf([&] {
              model.Run({{1, 5}, std::vector<float>(5)}, {{1}, {0}});
            }),
            ErrorCode::kBadData);
}

TEST(Style, OtherNetworksHaveNone) {
  EXPECT_EQ(CodeOf([] { SmallTranslator(0).WithStyle({.truncation = 0.5}); }), ErrorCode::kUsage);
}

TEST(Style, SamplesWithTruncation) {
  const TemporaryFolder folder;
  const Model model = SmallStyleGan();
  Sample(model, folder / "a.png", {.count = 4, .seed = 3});
  Sample(model, folder / "b.png", {.count = 4, .seed = 3, .truncation = 0.3});
  EXPECT_FALSE(std::ranges::equal(core::ReadPicture(folder / "a.png").floats(),
                                  core::ReadPicture(folder / "b.png").floats()));
}

TEST(Sampling, SeedsOfThreeKinds) {
  const TemporaryFolder folder;
  const Model model = Model::Random("dcgan", {{"size", 16}, {"width", 4}, {"latent", 6}});
  using Rng = SampleOptions::Rng;
  int sheets = 0;
  const auto sheet = [&](Rng rng) {
    const std::string path = folder / ("seed" + std::to_string(sheets++) + ".png").c_str();
    Sample(model, path, {.count = 4, .rng = rng, .seed = 3});
    const Tensor picture = core::ReadPicture(path);
    return std::vector<float>(picture.floats().begin(), picture.floats().end());
  };
  const std::vector<float> torch = sheet(Rng::kTorch);
  EXPECT_EQ(sheet(Rng::kAuto), torch);
  EXPECT_NE(sheet(Rng::kNumpy), torch);
  EXPECT_NE(sheet(Rng::kOwn), torch);
}

// -- ONNX and mixtures

std::string WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

TEST(OnnxModel, GivesTheNumbersOfItsGraph) {
  const TemporaryFolder folder;
  core::testing::OnnxWriter writer;
  writer.Input("x", {1, 2, -1, -1}).Weight("w", {1, 2, 1, 1}, 0.5f).Weight("two", {}, 2);
  writer.Node("Conv", {"x", "w"}, "c").Node("Mul", {"c", "two"}, "m").Node("Relu", {"m"}, "r");
  writer.Weight("scales", {4}, 1).Node("Resize", {"r", "", "scales"}, "y").Output("y");
  const Model model = Model::Load(WriteBytes(folder / "m.onnx", writer.Finish()));
  EXPECT_EQ(model.info().family, "onnx");
  EXPECT_EQ(model.info().in_channels, 2);
  const Array out = model.Run({{1, 2, 1, 2}, {1, -3, 2, 1}});
  EXPECT_EQ(out.values, (std::vector<float>{3, 0}));
}

TEST(OnnxModel, RowsOfRandomNumbersMakeALatent) {
  const TemporaryFolder folder;
  core::testing::OnnxWriter writer;
  writer.Input("z", {1, 4}).Weight("m", {4, 12}, 0.25f).Ints("sizes", {-1, 3, 2, 2});
  writer.Node("MatMul", {"z", "m"}, "a").Node("Reshape", {"a", "sizes"}, "y").Output("y");
  const Model model = Model::Load(WriteBytes(folder / "g.onnx", writer.Finish()));
  ASSERT_TRUE(model.info().latent);
  EXPECT_EQ(model.info().latent->size, 4);
  EXPECT_EQ(model.Run({{1, 4}, {1, 2, 3, 2}}).values, std::vector<float>(12, 2));
}

// The file's pictures have their channels last; arrays and pictures here never do.
TEST(OnnxModel, ChannelsLastAreBroughtForward) {
  const TemporaryFolder folder;
  core::testing::OnnxWriter writer;
  writer.Input("x", {1, -1, -1, 3}).Floats("bias", {0.25f, 0.5f, 1}).Weight("w", {3, 3, 1, 1}, 1);
  writer.Node("Add", {"x", "bias"}, "a");
  writer.Node("Transpose", {"a"}, "t", {core::OnnxIntegers("perm", {0, 3, 1, 2})});
  writer.Node("Conv", {"t", "w"}, "c");
  writer.Node("Transpose", {"c"}, "b", {core::OnnxIntegers("perm", {0, 2, 3, 1})});
  writer.Node("Sub", {"b", "bias"}, "y").Output("y");
  const Model model = Model::Load(WriteBytes(folder / "m.onnx", writer.Finish()));
  const Array out = model.Run({{1, 3, 1, 2}, {1, 2, 3, 4, 5, 6}});
  EXPECT_EQ(out.shape, (std::vector<int64_t>{1, 3, 1, 2}));
  EXPECT_EQ(out.values, (std::vector<float>{10.5f, 13.5f, 10.25f, 13.25f, 9.75f, 12.75f}));
  const std::string picture = WritePicture(folder / "in.png", 3, 12, 16);
  EXPECT_EQ(Translate(model, {picture}, folder / "out.png")[0].status,
            UpscaleResult::Status::kDone);
}

// As Keras has a generator begin: a row becomes a picture with its channels last.
TEST(OnnxModel, NumbersAreMovedWhereANodeWantsThem) {
  const TemporaryFolder folder;
  const auto made = [&](const std::vector<int64_t>& sizes, const std::vector<int64_t>& perm) {
    core::testing::OnnxWriter writer;
    writer.Input("z", {1, 6}).Ints("sizes", sizes);
    writer.Node("Reshape", {"z", "sizes"}, "a");
    writer.Node("Transpose", {"a"}, "t", {core::OnnxIntegers("perm", perm)});
    writer.Node("Relu", {"t"}, "r");
    writer.Node("Concat", {"r", "t"}, "y", {core::OnnxInteger("axis", 1)}).Output("y");
    const Model model = Model::Load(WriteBytes(folder / "m.onnx", writer.Finish()));
    return model.Run({{2, 6}, {1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1}});
  };
  const Array wide = made({-1, 1, 2, 3}, {0, 3, 1, 2});
  EXPECT_EQ(wide.shape, (std::vector<int64_t>{2, 6, 1, 2}));
  EXPECT_EQ(wide.values, (std::vector<float>{1, 4, 2, 5, 3, 6, 1, 4, 2, 5, 3, 6,
                                             6, 3, 5, 2, 4, 1, 6, 3, 5, 2, 4, 1}));
  const Array tall = made({-1, 3, 1, 2}, {0, 3, 2, 1});
  EXPECT_EQ(tall.shape, (std::vector<int64_t>{2, 4, 1, 3}));
  EXPECT_EQ(tall.values, (std::vector<float>{1, 3, 5, 2, 4, 6, 1, 3, 5, 2, 4, 6,
                                             6, 4, 2, 5, 3, 1, 6, 4, 2, 5, 3, 1}));
}

TEST(OnnxModel, SharesOfASoftmax) {
  const TemporaryFolder folder;
  core::testing::OnnxWriter writer;
  writer.Input("z", {1, 4}).Ints("sizes", {-1, 1, 2, 2});
  writer.Node("Softmax", {"z"}, "s").Node("Reshape", {"s", "sizes"}, "y").Output("y");
  const Model model = Model::Load(WriteBytes(folder / "s.onnx", writer.Finish()));
  const std::vector<float> z = {0.5f, -1, 2, 0, -300, 90, 90, 0};
  const Array out = model.Run({{2, 4}, z});
  for (size_t row = 0; row < 2; ++row) {
    double sum = 0;
    for (size_t i = 0; i < 4; ++i) sum += std::exp(z[row * 4 + i] - (row == 0 ? 2.0 : 90.0));
    for (size_t i = 0; i < 4; ++i) {
      const double wanted = std::exp(z[row * 4 + i] - (row == 0 ? 2.0 : 90.0)) / sum;
      EXPECT_NEAR(out.values[row * 4 + i], wanted, 1e-6);
    }
  }
}

// One square matrix read both ways: neither is taken for the other.
TEST(OnnxModel, AMatrixAndItsTransposeAreTwo) {
  const TemporaryFolder folder;
  core::testing::OnnxWriter writer;
  writer.Input("z", {1, 2}).Floats("numbers", {1, 2, 3, 4}).Ints("square", {2, 2});
  writer.Node("Reshape", {"numbers", "square"}, "w").Node("MatMul", {"z", "w"}, "a");
  writer.Node("Gemm", {"z", "w"}, "b", {core::OnnxInteger("transB", 1)});
  writer.Node("Sub", {"a", "b"}, "c").Ints("sizes", {-1, 1, 1, 2});
  writer.Node("Reshape", {"c", "sizes"}, "y").Output("y");
  const Model model = Model::Load(WriteBytes(folder / "m.onnx", writer.Finish()));
  EXPECT_EQ(model.Run({{1, 2}, {1, 1}}).values, (std::vector<float>{4 - 3, 6 - 7}));
}

// An embedding of the class, as PyTorch's exporter writes it: a picture of 2 x 2 that is the row of
// a table times the latent.
TEST(OnnxModel, TheNumberOfAClassIsALabel) {
  const TemporaryFolder folder;
  core::testing::OnnxWriter writer;
  writer.Input("noise", {-1, 4}).WholeInput("digit", {-1}).Ints("sizes", {-1, 1, 2, 2});
  writer.Floats("table", {1, 1, 1, 1, 0.5f, 0.25f, 0, -1, 0, 0, 0, 0}, {3, 4});
  writer.Node("Gather", {"table", "digit"}, "e").Node("Mul", {"e", "noise"}, "m");
  writer.Node("Reshape", {"m", "sizes"}, "y").Output("y");
  const Model model = Model::Load(WriteBytes(folder / "m.onnx", writer.Finish()));
  ASSERT_TRUE(model.info().latent);
  EXPECT_EQ(model.info().latent->classes, 3);
  EXPECT_EQ(model.Run({{1, 4}, {1, 2, 3, 4}}, {{1}, {1}}).values,
            (std::vector<float>{0.5f, 0.5f, 0, -4}));
}

// Numbers are reshaped, so that no other size of picture fits.
TEST(OnnxModel, OfOneSizeTakesPicturesOfThatSizeAlone) {
  const TemporaryFolder folder;
  core::testing::OnnxWriter writer;
  writer.Input("x", {1, 3, 12, 16}).Ints("flat", {1, 576, 1, 1}).Ints("picture", {1, 3, 12, 16});
  writer.Node("Reshape", {"x", "flat"}, "a").Node("Reshape", {"a", "picture"}, "b");
  writer.Node("Relu", {"b"}, "y").Output("y");
  const Model model = Model::Load(WriteBytes(folder / "m.onnx", writer.Finish()));
  const Geometry& geometry = model.info().geometry;
  EXPECT_EQ(geometry.fixed_width, 16);
  EXPECT_EQ(geometry.fixed_height, 12);
  EXPECT_EQ(geometry.scale_num, geometry.scale_den);
  EXPECT_EQ(model.PlanFor(64, 64).width, 16);
  EXPECT_EQ(model.Run({{1, 3, 12, 16}, std::vector<float>(576, 2)}).shape,
            (std::vector<int64_t>{1, 3, 12, 16}));

  const std::string fits = WritePicture(folder / "fits.png", 3, 12, 16);
  const std::string large = WritePicture(folder / "large.png", 3, 13, 16);
  const std::string out = folder / "out.png";
  const UpscaleOptions tiles{.tiles = UpscaleOptions::Tiles::kFixed, .tile_size = 8};
  for (const bool enlarge : {false, true}) {
    const auto make = [&](const std::string& picture) {
      return enlarge ? Upscale(model, {picture}, out, tiles)[0]
                     : Translate(model, {picture}, out)[0];
    };
    const UpscaleResult done = make(fits), failed = make(large);
    ASSERT_EQ(done.status, UpscaleResult::Status::kDone) << done.message;
    EXPECT_TRUE(
        std::ranges::equal(core::ReadPicture(out).floats(), core::ReadPicture(fits).floats()));
    ASSERT_EQ(failed.status, UpscaleResult::Status::kFailed);
    EXPECT_EQ(failed.code, ErrorCode::kBadData);
    EXPECT_NE(failed.message.find("takes pictures of 16 x 12 pixels alone, this one has 16 x 13"),
              std::string::npos)
        << failed.message;
  }
}

// As ONNX a translator keeps its range of numbers, and a generator with classes its classes.
TEST(OnnxModel, IsWhatWasConverted) {
  const TemporaryFolder folder;
  const std::string from = folder / "a.safetensors", to = folder / "a.onnx";
  const core::Model made = core::BuildRandom("cyclegan", {{"ngf", 4}, {"n_blocks", 1}}, 3);
  core::WriteSafetensors(from, made.parameters, {});
  const Conversion done = Convert(from, to);
  EXPECT_EQ(done.tensors, made.parameters.size());
  EXPECT_EQ(done.bytes, std::filesystem::file_size(to));
  const std::string picture = WritePicture(folder / "in.png", 3, 12, 16);
  std::vector<Tensor> results;
  for (const std::string& file : {from, to}) {
    const std::string out = file + ".png";
    ASSERT_EQ(Translate(Model::Load(file), {picture}, out)[0].status, UpscaleResult::Status::kDone);
    results.push_back(core::ReadPicture(out));
  }
  for (size_t i = 0; i < results[0].floats().size(); ++i) {
    ASSERT_NEAR(results[0].floats()[i], results[1].floats()[i], 1.01 / 255);
  }

  // A U-Net of 8 levels halves a picture 8 times: other sizes are padded, as of its checkpoint.
  const core::Model deep = core::BuildRandom("pix2pix", {{"ngf", 1}, {"num_downs", 8}}, 3);
  core::WriteSafetensors(from, deep.parameters, {});
  Convert(from, to);
  EXPECT_EQ(Model::Load(to).info().geometry.multiple, 256);
  const UpscaleResult padded = Translate(Model::Load(to), {picture}, folder / "deep.png")[0];
  ASSERT_EQ(padded.status, UpscaleResult::Status::kDone) << padded.message;
  EXPECT_EQ(padded.width, 16);

  const core::Model classes =
      core::BuildRandom("dcgan", {{"size", 16}, {"width", 4}, {"classes", 3}, {"channels", 1}}, 3);
  core::WriteSafetensors(from, classes.parameters, {});
  Convert(from, to);
  ASSERT_TRUE(Model::Load(to).info().latent);
  EXPECT_EQ(Model::Load(to).info().latent->classes, 3);
  EXPECT_EQ(CodeOf([&] { Convert(from, folder / "a.xyz"); }), ErrorCode::kUsage);
}

TEST(MixtureName, LoadsTheAverageOfTwoFiles) {
  const TemporaryFolder folder;
  for (const uint64_t seed : {1u, 2u}) {
    const core::Model model =
        core::BuildRandom("compact", {{"num_feat", 4}, {"num_conv", 1}}, seed);
    core::WriteSafetensors(folder / (std::to_string(seed) + ".safetensors").c_str(),
                           model.parameters, {});
  }
  const std::string a = folder / "1.safetensors", b = folder / "2.safetensors";
  const Array input{{1, 3, 4, 4}, std::vector<float>(48, 0.5f)};
  EXPECT_EQ(Model::Load(a + ":1," + b + ":0").Run(input).values, Model::Load(a).Run(input).values);
  EXPECT_NE(Model::Load(a + ":0.5," + b + ":0.5").Run(input).values,
            Model::Load(a).Run(input).values);
  EXPECT_EQ(CodeOf([&] { Model::Load(a + ":1," + b + ":x"); }), ErrorCode::kNoInput);
  EXPECT_EQ(CodeOf([&] { Model::Load(a + ":0," + b + ":0"); }), ErrorCode::kUsage);
}

}  // namespace
}  // namespace gan
