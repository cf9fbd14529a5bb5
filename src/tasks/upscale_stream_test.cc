#include "tasks/upscale_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "tasks/test_network.h"

namespace gan::core {
namespace {

PictureInfo InfoOf(const Tensor& picture) {
  const int64_t channels = picture.shape()[0];
  return {.width = picture.shape()[2],
          .height = picture.shape()[1],
          .colours = channels < 3 ? 1 : 3,
          .has_alpha = channels % 2 == 0};
}

// Gives out a picture once, from top to bottom, and asserts that nobody asks for more.
RowSource SourceOf(const Tensor& picture) {
  return [picture, next = int64_t{0}](int64_t count, const TensorView& out) mutable {
    ASSERT_LE(next + count, picture.shape()[1]);
    ASSERT_TRUE(out.IsContiguous());
    CopyElements(picture.view().Slice(1, next, count), out);
    next += count;
  };
}

Tensor RandomPicture(int64_t channels, int64_t height, int64_t width) {
  Tensor picture(DType::kF32, {channels, height, width});
  Random random(static_cast<uint64_t>(channels + 10 * height + 1000 * width));
  random.FillUniform(picture.floats(), 0, 1);
  return picture;
}

// Reads `rows_at_once` rows after the other.
Tensor Enlarge(Executable& network, const Tensor& picture, const UpscaleStreamOptions& options,
               int64_t rows_at_once = 7) {
  UpscaleStream stream(network, InfoOf(picture), SourceOf(picture), options);
  const PictureInfo& info = stream.info();
  Tensor out(DType::kF32, {info.channels(), info.height, info.width});
  for (int64_t row = 0; row < info.height; row += rows_at_once) {
    const int64_t count = std::min(rows_at_once, info.height - row);
    Tensor rows(DType::kF32, {info.channels(), count, info.width});
    stream.ReadRows(count, rows.view());
    CopyElements(rows.view(), out.view().Slice(1, row, count));
  }
  return out;
}

const UpscaleStreamOptions kWhole{.tiles = {TileMode::kOff}};

// Exact tiles small enough that a picture is cut into several.
UpscaleStreamOptions SmallExact(TestNetwork& network, const Tensor& picture, double share) {
  UpscaleStream whole(network, InfoOf(picture), SourceOf(picture), kWhole);
  return {.tiles = {TileMode::kExact},
          .max_bytes = static_cast<uint64_t>(static_cast<double>(whole.planned_bytes()) * share)};
}

bool SameBytes(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::ranges::equal(a.raw(), b.raw());
}

const TestNetworkOptions kGeometries[] = {
    {.scale = 1},
    {.scale = 2},
    {.scale = 4, .layers = 3},
    {.scale = 1, .unshuffle = 2},
    {.scale = 2, .unshuffle = 2},
    {.scale = 2, .layers = 7, .valid = true},
    {.scale = 3, .unshuffle = 4, .layers = 1},
};

TEST(UpscaleStream, ExactTilesEqualTheWholePictureBitForBit) {
  for (const TestNetworkOptions& geometry : kGeometries) {
    TestNetwork network(geometry);
    for (const Shape& shape : {Shape{3, 131, 97}, Shape{3, 64, 200}, Shape{3, 3, 900}}) {
      const Tensor picture = RandomPicture(3, shape[1], shape[2]);
      const UpscaleStreamOptions exact = SmallExact(network, picture, 0.8);
      UpscaleStream stream(network, InfoOf(picture), SourceOf(picture), exact);
      EXPECT_GT(stream.plan().tiles(), 1) << geometry.scale << shape.ToString();
      EXPECT_TRUE(SameBytes(Enlarge(network, picture, exact), Enlarge(network, picture, kWhole)))
          << geometry.scale << " " << geometry.unshuffle << shape.ToString();
    }
  }
}

TEST(UpscaleStream, ExactTilesAgreeOnTransparencyToo) {
  TestNetwork network({.scale = 2});
  Tensor picture = RandomPicture(4, 150, 140);
  const auto alpha = picture.floats().subspan(3 * 150 * 140);
  for (size_t i = 0; i < alpha.size(); ++i) {  // blobs of 0 and 1 with ramps between
    const double wave =
        std::sin(static_cast<double>(i / 140) / 9) + std::sin(static_cast<double>(i % 140) / 13);
    alpha[i] = static_cast<float>(std::clamp(wave + 0.5, 0.0, 1.0));
  }
  for (const AlphaMethod method : {AlphaMethod::kModel, AlphaMethod::kLanczos}) {
    UpscaleStreamOptions exact = SmallExact(network, picture, 0.5);
    UpscaleStreamOptions whole = kWhole;
    exact.alpha = whole.alpha = method;
    EXPECT_TRUE(SameBytes(Enlarge(network, picture, exact), Enlarge(network, picture, whole)));
  }
}

// A network of samples in [-1, 1] is given them so, and what it makes is brought back: convolutions
// without bias are linear, so that only their gain at the middle grey tells the ranges apart.
TEST(UpscaleStream, SamplesAreBroughtIntoTheNetworksRangeAndBack) {
  TestNetwork network({.scale = 1, .layers = 1});
  const Tensor picture = RandomPicture(3, 12, 9);
  UpscaleStreamOptions options = kWhole;
  options.range = {-1, 1};
  const Tensor got = Enlarge(network, picture, options);

  Tensor input(DType::kF32, {1, 3, 12, 9}), output(DType::kF32, {1, 3, 12, 9});
  for (size_t i = 0; i < input.floats().size(); ++i) {
    input.floats()[i] = picture.floats()[i] * 2 - 1;
  }
  const ConstTensorView in = input.view();
  const TensorView out = output.view();
  network.Run({&in, 1}, {&out, 1});
  for (size_t i = 0; i < got.floats().size(); ++i) {
    ASSERT_NEAR(got.floats()[i], (output.floats()[i] + 1) / 2, 1e-6) << i;
  }
}

TEST(UpscaleStream, BlendedTilesAreCloseToTheWhole) {
  for (const TestNetworkOptions& geometry : kGeometries) {
    TestNetwork network(geometry);
    Tensor picture = RandomPicture(3, 70, 90);
    const Tensor whole = Enlarge(network, picture, kWhole);
    const Tensor tiled = Enlarge(network, picture, {.tiles = {TileMode::kFixed, 48}});
    ASSERT_EQ(tiled.shape(), whole.shape());
    double error = 0;
    for (size_t i = 0; i < whole.floats().size(); ++i) {
      error += std::pow(whole.floats()[i] - tiled.floats()[i], 2);
    }
    EXPECT_LT(error / static_cast<double>(whole.floats().size()), 1e-5) << geometry.scale;
  }
}

// Weights that did not sum to 1 would show on a flat picture, whose enlargement is flat inside.
TEST(UpscaleStream, BlendingKeepsWhatTilesAgreeOn) {
  TestNetwork network({.scale = 2, .layers = 1});
  Tensor picture(DType::kF32, {3, 200, 200});
  std::ranges::fill(picture.floats(), 0.3f);
  const Tensor out = Enlarge(network, picture, {.tiles = {TileMode::kFixed, 50}});
  const float inside = out.floats()[200 * 400 + 200];
  for (int64_t y = 10; y < 390; ++y) {
    for (int64_t x = 10; x < 390; ++x) {
      ASSERT_EQ(out.floats()[static_cast<size_t>(y * 400 + x)], inside) << y << " " << x;
    }
  }
}

TEST(UpscaleStream, HowManyRowsAreReadAtOnceDoesNotMatter) {
  TestNetwork network({.scale = 2});
  const Tensor picture = RandomPicture(3, 90, 50);
  const UpscaleStreamOptions options{.tiles = {TileMode::kFixed, 32}};
  const Tensor one = Enlarge(network, picture, options, 1);
  EXPECT_TRUE(SameBytes(one, Enlarge(network, picture, options, 64)));
  EXPECT_TRUE(SameBytes(one, Enlarge(network, picture, options, 1000)));
}

TEST(UpscaleStream, HowManyThreadsCopyDoesNotMatter) {
  TestNetwork network({.scale = 2});
  const Tensor picture = RandomPicture(4, 90, 50);
  UpscaleStreamOptions options{.tiles = {TileMode::kFixed, 32}};
  const Tensor alone = Enlarge(network, picture, options);
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    options.pool = &pool;
    EXPECT_TRUE(SameBytes(alone, Enlarge(network, picture, options))) << threads;
  }
}

TEST(UpscaleStream, TinyAndThinPictures) {
  for (const TestNetworkOptions& geometry : kGeometries) {
    TestNetwork network(geometry);
    for (const Shape& shape :
         {Shape{3, 1, 1}, Shape{3, 2, 1}, Shape{3, 3, 1000}, Shape{3, 500, 1}}) {
      const Tensor picture = RandomPicture(3, shape[1], shape[2]);
      const Tensor out = Enlarge(network, picture, {.tiles = {TileMode::kFixed, 64}});
      EXPECT_EQ(out.shape(), (Shape{3, shape[1] * geometry.scale, shape[2] * geometry.scale}));
      EXPECT_TRUE(std::ranges::all_of(out.floats(), [](float v) { return v >= 0 && v < 2; }));
    }
  }
}

TEST(UpscaleStream, GreyRunsThroughThreeEqualChannels) {
  TestNetwork network({.scale = 2});
  const Tensor grey = RandomPicture(1, 20, 30);
  Tensor rgb(DType::kF32, {3, 20, 30});
  for (size_t c = 0; c < 3; ++c) {
    std::ranges::copy(grey.floats(), rgb.floats().begin() + static_cast<ptrdiff_t>(c * 600));
  }
  const Tensor out = Enlarge(network, grey, kWhole);
  const Tensor colours = Enlarge(network, rgb, kWhole);
  ASSERT_EQ(out.shape(), (Shape{1, 40, 60}));
  for (size_t i = 0; i < 2400; ++i) {
    const float mean =
        (colours.floats()[i] + colours.floats()[2400 + i] + colours.floats()[4800 + i]) / 3;
    ASSERT_NEAR(out.floats()[i], mean, 1e-6);
  }
}

TEST(UpscaleStream, ColoursRunThroughOneChannelOneByOne) {
  TestNetwork network({.channels = 1, .scale = 2});
  const Tensor rgb = RandomPicture(3, 20, 30);
  const Tensor out = Enlarge(network, rgb, kWhole);
  EXPECT_EQ(network.runs(), 3);
  for (int64_t c = 0; c < 3; ++c) {
    Tensor plane(DType::kF32, {1, 20, 30});
    CopyElements(rgb.view().Slice(0, c, 1), plane.view());
    const Tensor alone = Enlarge(network, plane, kWhole);
    EXPECT_TRUE(std::ranges::equal(alone.floats(),
                                   out.floats().subspan(static_cast<size_t>(c * 2400), 2400)));
  }
}

// A white disc on transparent black: its rim must stay white.
TEST(UpscaleStream, TransparentColoursMakeNoHalo) {
  TestNetwork network({.scale = 2, .layers = 3});
  Tensor picture = Tensor::Zeros(DType::kF32, {4, 80, 80});
  for (int64_t i = 0; i < 6400; ++i) {
    if (std::hypot(i / 80 - 40, i % 80 - 40) > 20) continue;
    for (int64_t c = 0; c < 4; ++c) picture.floats()[static_cast<size_t>(c * 6400 + i)] = 1;
  }
  Tensor white(DType::kF32, {3, 80, 80});
  std::ranges::fill(white.floats(), 1.0f);
  const float expected = Enlarge(network, white, kWhole).floats()[80 * 160 + 80];
  for (const AlphaMethod method : {AlphaMethod::kModel, AlphaMethod::kLanczos}) {
    const Tensor out =
        Enlarge(network, picture, {.tiles = {TileMode::kFixed, 40}, .alpha = method});
    const auto alpha = out.floats().subspan(3 * 160 * 160);
    for (size_t i = 0; i < 160 * 160; ++i) {
      if (alpha[i] > 0) {
        ASSERT_NEAR(out.floats()[i], expected, 5e-3) << i;  // blending is not exact
      }
    }
    EXPECT_EQ(alpha[80 * 160 + 80], 1.0f);
    EXPECT_EQ(alpha[0], 0.0f);
  }
}

TEST(UpscaleStream, OpaqueAlphaCostsNothingAndStaysOpaque) {
  TestNetwork network({.scale = 2});
  Tensor picture = RandomPicture(4, 70, 70);
  std::ranges::fill(picture.floats().subspan(3 * 4900), 1.0f);
  UpscaleStream stream(network, InfoOf(picture), SourceOf(picture),
                       {.tiles = {TileMode::kFixed, 40}});
  Tensor out(DType::kF32, {4, 140, 140});
  stream.ReadRows(140, out.view());
  EXPECT_EQ(network.runs(), stream.plan().tiles());
  EXPECT_TRUE(
      std::ranges::all_of(out.floats().subspan(3 * 140 * 140), [](float a) { return a == 1; }));
}

TEST(UpscaleStream, NamesTheTileThatIsNotFinite) {
  TestNetwork network({.scale = 2, .breaks_above = 10});
  Tensor picture = RandomPicture(3, 100, 100);
  picture.floats()[99 * 100 + 99] = 11;
  try {
    Enlarge(network, picture, {.tiles = {TileMode::kFixed, 60}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInternal);
    EXPECT_NE(std::string(error.what()).find("tile 4 of 4: columns 4"), std::string::npos)
        << error.what();
  }
}

TEST(UpscaleStream, KeepsToItsBudgetWhateverTheHeight) {
  TestNetwork network({.scale = 2});
  const RowSource nothing = [](int64_t, const TensorView&) {};
  PictureInfo info{.width = 3000, .height = 2000};
  const uint64_t budget = 60'000'000;
  const UpscaleStream low(network, info, nothing, {.max_bytes = budget});
  info.height = 200'000;
  const UpscaleStream high(network, info, nothing, {.max_bytes = budget});
  EXPECT_LE(low.planned_bytes(), budget);
  EXPECT_LE(high.planned_bytes(), budget);
  EXPECT_GT(high.planned_bytes(), budget / 2);
  EXPECT_NEAR(static_cast<double>(high.plan().x.in_size), static_cast<double>(low.plan().x.in_size),
              16);
}

TEST(UpscaleStream, TellsItsProgressAndStops) {
  TestNetwork network({.scale = 2});
  const Tensor picture = RandomPicture(3, 100, 100);
  std::vector<double> shares;
  CancelFlag cancel;
  UpscaleStreamOptions options{.tiles = {TileMode::kFixed, 60}, .cancel = &cancel};
  options.progress = [&](double share) { shares.push_back(share); };
  Enlarge(network, picture, options);
  EXPECT_EQ(shares, (std::vector<double>{0.25, 0.5, 0.75, 1.0}));
  options.progress = [&](double) { cancel.Cancel(); };
  const int64_t before = network.runs();
  EXPECT_THROW(Enlarge(network, picture, options), Error);
  EXPECT_EQ(network.runs(), before + 1);
}

TEST(UpscaleStream, RefusesOtherNetworks) {
  TestNetwork four({.channels = 4});
  const Tensor picture = RandomPicture(3, 10, 10);
  EXPECT_THROW(Enlarge(four, picture, kWhole), Error);
}

}  // namespace
}  // namespace gan::core
