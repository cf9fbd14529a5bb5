// Tiles against the whole picture, with real networks on the CPU engine.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <tuple>

#include "backends/cpu/backend.h"
#include "backends/cpu/graph_testing.h"
#include "base/random.h"
#include "formats/checkpoint.h"
#include "models/model.h"
#include "runtime/dropout_masks.h"
#include "tasks/upscale_stream.h"

namespace gan::core {
namespace {

const std::filesystem::path kShared = GAN_SHARED_DIR;

// Waves of random directions: no edges, as in a sky.
Tensor SmoothPicture(int64_t height, int64_t width) {
  Tensor picture(DType::kF32, {3, height, width});
  Random random(9);
  for (int64_t c = 0; c < 3; ++c) {
    const double fy = random.Uniform() / 9, fx = random.Uniform() / 9, phase = random.Uniform();
    for (int64_t i = 0; i < height * width; ++i) {
      const double wave = std::sin(static_cast<double>(i / width) * fy +
                                   static_cast<double>(i % width) * fx + 6 * phase);
      picture.floats()[static_cast<size_t>(c * height * width + i)] =
          static_cast<float>(0.5 + 0.3 * wave);
    }
  }
  return picture;
}

class Tiles : public ::testing::Test {
 protected:
  std::unique_ptr<Executable> Compile(const Model& model) {
    return MakeCpuBackend(pool_)->Compile(model.graph, model.parameters);
  }

  static Tensor Enlarge(Executable& network, const Tensor& picture,
                        const UpscaleStreamOptions& options, int64_t* tiles = nullptr) {
    const PictureInfo info{.width = picture.shape()[2], .height = picture.shape()[1]};
    int64_t next = 0;
    UpscaleStream stream(
        network, info,
        [&](int64_t count, const TensorView& out) {
          CopyElements(picture.view().Slice(1, next, count), out);
          next += count;
        },
        options);
    Tensor out(DType::kF32, {3, stream.info().height, stream.info().width});
    stream.ReadRows(stream.info().height, out.view());
    if (tiles != nullptr) *tiles = stream.plan().tiles();
    return out;
  }

  // What tiles make of a picture of no special size has the bits of the whole.
  static void ExpectExactTiles(Executable& network, const std::string& name) {
    const Tensor picture = SmoothPicture(249, 251);
    UpscaleStream plan(network, {.width = 251, .height = 249}, nullptr,
                       {.tiles = {TileMode::kOff}});
    int64_t tiles = 0;
    const Tensor exact =
        Enlarge(network, picture,
                {.tiles = {TileMode::kExact}, .max_bytes = plan.planned_bytes() * 3 / 4}, &tiles);
    const Tensor whole = Enlarge(network, picture, {.tiles = {TileMode::kOff}});
    EXPECT_GT(tiles, 1) << name;
    EXPECT_TRUE(std::ranges::equal(whole.raw(), exact.raw())) << name;
  }
  void ExpectExactTiles(const Graph& graph) {
    ExpectExactTiles(*MakeCpuBackend(pool_)->Compile(graph, RandomParameters(graph)), graph.name);
  }

  ThreadPool pool_{2};
};

// In decibels, for the range of values that `truth` has.
double Psnr(const Tensor& truth, const Tensor& other) {
  const auto [low, high] = std::ranges::minmax(truth.floats());
  double error = 0;
  for (size_t i = 0; i < truth.floats().size(); ++i) {
    error += std::pow(truth.floats()[i] - other.floats()[i], 2);
  }
  return 10 * std::log10(std::pow(high - low, 2) * static_cast<double>(truth.floats().size()) /
                         std::max(error, 1e-30));
}

struct Network {
  const char* family;
  ModelSizes sizes;
};

const Network kNetworks[] = {
    {"compact", {{"num_feat", 8}, {"num_conv", 3}, {"upscale", 1}}},
    {"compact", {{"num_feat", 8}, {"num_conv", 3}, {"upscale", 2}}},
    {"compact", {{"num_feat", 8}, {"num_conv", 3}, {"upscale", 4}}},
    {"compact", {{"num_feat", 16}, {"num_conv", 3}, {"upscale", 2}}},
    {"esrgan", {{"num_feat", 8}, {"num_grow_ch", 4}, {"num_block", 1}, {"scale", 1}}},
    {"esrgan", {{"num_feat", 8}, {"num_grow_ch", 4}, {"num_block", 1}, {"scale", 2}}},
    {"esrgan", {{"num_feat", 8}, {"num_grow_ch", 4}, {"num_block", 1}, {"scale", 4}}},
    {"esrgan",
     {{"num_feat", 8}, {"num_grow_ch", 4}, {"num_block", 1}, {"scale", 2}, {"unshuffle", 2}}},
    {"srgan", {{"features", 8}, {"blocks", 1}, {"kernel", 3}, {"scale", 2}}},
    {"srgan", {{"features", 8}, {"blocks", 1}, {"modified", 1}, {"scale", 2}}},
};

TEST_F(Tiles, ExactOnesOfRoundedProductsAreTheWholeBitForBit) {
  const Model model = BuildRandom(kNetworks[0].family, kNetworks[0].sizes, 1);
  ExpectExactTiles(*MakeCpuBackend(pool_, {.bf16 = true})->Compile(model.graph, model.parameters),
                   "bf16");
}

TEST_F(Tiles, ExactOnesAreTheWholeBitForBit) {
  for (const Network& network : kNetworks) {
    ExpectExactTiles(*Compile(BuildRandom(network.family, network.sizes, 1)), network.family);
  }
}

// Their tiles read pixels that the filter itself does not.
TEST_F(Tiles, ExactOnesSeeAllThatLargeFiltersRead) {
  for (const int64_t size : {4, 5, 7}) {
    GraphBuilder b("large filters");
    const Conv2d op{.kernel = {size, size},
                    .padding = {size / 2, size / 2, (size - 1) / 2, (size - 1) / 2}};
    ValueId x = b.Input("x", {1, 3, Dim::Symbol("H"), Dim::Symbol("W")});
    for (const auto& [name, to, from] :
         {std::tuple{"a", 16, 3}, {"b", 16, 16}, {"c", 8, 16}, {"d", 3, 8}}) {
      x = b.Add(op, {x, b.Parameter(name, {to, from, size, size})});
    }
    ExpectExactTiles(b.Finish({x}));
  }
}

TEST_F(Tiles, ExactOnesHaveTheirPlaceWhereFiltersHalveAndDouble) {
  GraphBuilder b("halves");
  const Padding2d border{1, 1, 1, 1};
  const Size2d three{3, 3}, four{4, 4}, two{2, 2};
  ValueId x = b.Input("x", {1, 3, Dim::Symbol("H", 2), Dim::Symbol("W", 2)});
  x = b.Add(Conv2d{.kernel = three, .padding = border}, {x, b.Parameter("a", {16, 3, 3, 3})});
  x = b.Add(Conv2d{.kernel = four, .stride = two, .padding = border},
            {x, b.Parameter("b", {16, 16, 4, 4})});
  x = b.Add(ConvTranspose2d{.kernel = four, .stride = two, .padding = border},
            {x, b.Parameter("c", {16, 16, 4, 4})});
  x = b.Add(Conv2d{.kernel = three, .padding = border}, {x, b.Parameter("d", {3, 16, 3, 3})});
  ExpectExactTiles(b.Finish({x}));
}

// What is left out of a tile is what is left out of the whole there.
TEST_F(Tiles, ExactOnesAreTheWholeWithDropout) {
  const Model model = BuildRandom(
      "cyclegan", {{"ngf", 4}, {"n_blocks", 1}, {"n_downs", 1}, {"norm", 1}, {"dropout", 1}}, 1);
  const auto plain = Compile(model);
  const auto dropping =
      CompileWithDropout(*MakeCpuBackend(pool_), model.graph, model.parameters, 5);
  const Tensor picture = SmoothPicture(249, 251);
  UpscaleStream plan(*dropping, {.width = 251, .height = 249}, nullptr,
                     {.tiles = {TileMode::kOff}});
  int64_t tiles = 0;
  const Tensor exact =
      Enlarge(*dropping, picture,
              {.tiles = {TileMode::kExact}, .max_bytes = plan.planned_bytes() / 2}, &tiles);
  const Tensor whole = Enlarge(*dropping, picture, {.tiles = {TileMode::kOff}});
  EXPECT_GT(tiles, 1);
  EXPECT_TRUE(std::ranges::equal(whole.raw(), exact.raw())) << Psnr(whole, exact) << " dB";
  EXPECT_LT(Psnr(whole, Enlarge(*plain, picture, {.tiles = {TileMode::kOff}})), 50);
}

TEST_F(Tiles, BlendedOnesAreWithin50Decibels) {
  for (const Network& network : kNetworks) {
    const auto compiled = Compile(BuildRandom(network.family, network.sizes, 1));
    const Tensor picture = SmoothPicture(149, 151);
    const Tensor whole = Enlarge(*compiled, picture, {.tiles = {TileMode::kOff}});
    const Tensor tiled = Enlarge(*compiled, picture, {.tiles = {TileMode::kFixed, 80}});
    const double decibels = Psnr(whole, tiled);
    RecordProperty("decibels", std::to_string(decibels));
    EXPECT_GT(decibels, 50) << network.family;
  }
}

TEST_F(Tiles, BlendedOnesAreWithin50DecibelsForTrainedWeights) {
  const auto file = kShared / "weights/realesr-animevideov3/realesr-animevideov3.pth";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "needs ../shared/weights, which is not here";
  const auto compiled = Compile(DetectModel(ReadCheckpoint(file).tensors));
  const Tensor picture = SmoothPicture(100, 110);
  const Tensor whole = Enlarge(*compiled, picture, {.tiles = {TileMode::kOff}});
  EXPECT_GT(Psnr(whole, Enlarge(*compiled, picture, {.tiles = {TileMode::kFixed, 64}})), 50);
}

}  // namespace
}  // namespace gan::core
