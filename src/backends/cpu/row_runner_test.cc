#include "backends/cpu/row_runner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "backends/cpu/graph_testing.h"
#include "kernels/pixel_rows.h"

namespace gan::core {
namespace {

// Everything that ESRGAN and its like have on rows, and larger filters: a dense block with a scaled
// residual, doublings, a shuffle, an enlarged copy of the input that is added at the end.
Graph Network(int64_t features) {
  GraphBuilder b("test");
  const ValueId x = b.Input("x", {Dim::Symbol("N"), 3, Dim::Symbol("H"), Dim::Symbol("W")});
  int64_t count = 0;
  const auto conv = [&](ValueId in, int64_t to, int64_t size = 3) {
    const std::string name = fmt::format("conv{}", count++);
    const int64_t from = b.ShapeOf(in)[1].constant(), border = size / 2;
    return b.Add(Conv2d{.kernel = {size, size}, .padding = {border, border, border, border}},
                 {in, b.Parameter(name + ".weight", {to, from, size, size}),
                  b.Parameter(name + ".bias", {to})});
  };
  const auto leaky = [&](ValueId in) {
    return b.Add(Activation{ActivationKind::kLeakyRelu, 0.2f}, {in});
  };
  const ValueId first = conv(x, features);
  ValueId trunk = first;
  for (int block = 0; block < 2; ++block) {
    std::vector<ValueId> parts = {trunk};
    for (int i = 0; i < 3; ++i) {
      const ValueId joined = i == 0 ? trunk : b.Add(Concat{}, parts);
      parts.push_back(leaky(conv(joined, 11)));
    }
    const ValueId last = conv(b.Add(Concat{}, parts), features, 5);
    trunk = b.Add(Binary{}, {b.Add(Affine{.scale = 0.1f}, {last}), trunk});
  }
  const ValueId wide = b.Add(Affine{.scale = 0.3f}, {conv(trunk, features, 7)});
  ValueId up = b.Add(Binary{BinaryKind::kSubtract}, {first, wide});
  up = b.Add(Resize{.num = {2, 2}}, {up});
  up = b.Add(Prelu{}, {conv(up, 16), b.Parameter("slope", {16})});
  up = b.Add(PixelShuffle{2}, {conv(up, 48)});
  const ValueId base = conv(b.Add(Resize{.num = {4, 4}}, {x}), 48);
  up = b.Add(Binary{}, {conv(up, 48), base});
  return b.Finish({b.Add(Activation{ActivationKind::kClip, -1, 1}, {conv(up, 3)})});
}

// What CycleGAN, pix2pix and DCGAN are made of: borders, strides, normalisations, transposed,
// grouped and depthwise convolutions, activations of every kind.
Graph Translator(int64_t features) {
  GraphBuilder b("test");
  const ValueId x = b.Input("x", {Dim::Symbol("N"), 3, Dim::Symbol("H"), Dim::Symbol("W")});
  int64_t count = 0;
  const auto conv = [&](ValueId in, int64_t to, const Conv2d& op) {
    const std::string name = fmt::format("conv{}", count++);
    const int64_t from = b.ShapeOf(in)[1].constant() / op.groups;
    return b.Add(op, {in, b.Parameter(name + ".weight", {to, from, op.kernel.h, op.kernel.w}),
                      b.Parameter(name + ".bias", {to})});
  };
  const auto transposed = [&](ValueId in, int64_t to, const ConvTranspose2d& op) {
    const int64_t from = b.ShapeOf(in)[1].constant();
    return b.Add(op, {in, b.Parameter(fmt::format("conv{}.weight", count++),
                                      {from, to, op.kernel.h, op.kernel.w})});
  };
  const auto norm = [&](ValueId in, int64_t groups) {
    const std::string name = fmt::format("norm{}", count++);
    const int64_t channels = b.ShapeOf(in)[1].constant();
    return b.Add(GroupNorm{groups}, {in, b.Parameter(name + ".weight", {channels}),
                                     b.Parameter(name + ".bias", {channels})});
  };
  const auto act = [&](ActivationKind kind, ValueId in) {
    return b.Add(Activation{kind, 0.2f, 0.5f}, {in});
  };
  ValueId v = b.Add(Pad2d{PadMode::kReflect, {3, 3, 3, 3}}, {x});
  v = act(ActivationKind::kSilu, norm(conv(v, features, {.kernel = {7, 7}}), features));
  const ValueId down =
      conv(v, 2 * features, {.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1, 1, 1}});
  ValueId block = b.Add(Pad2d{PadMode::kReplicate, {1, 1, 1, 1}}, {norm(down, 1)});
  block = norm(conv(block, 2 * features, {.kernel = {3, 3}}), 2);
  block = act(ActivationKind::kTanh, b.Add(Binary{}, {block, down}));
  block = conv(block, 2 * features,
               {.kernel = {3, 3}, .padding = {1, 1, 1, 1}, .groups = 2 * features});
  block = b.Add(Pad2d{PadMode::kConstant, {1, 0, 1, 0}, -1.5f}, {block});
  block = conv(block, features, {.kernel = {1, 1}});
  block = transposed(act(ActivationKind::kElu, block), features,
                     {.kernel = {4, 4}, .stride = {2, 2}, .padding = {1, 1, 1, 1}});
  block = b.Add(BatchNorm{},
                {block, b.Parameter("bn.weight", {features}), b.Parameter("bn.bias", {features}),
                 b.Parameter("bn.mean", {features}), b.Parameter("bn.variance", {features})});
  block = act(ActivationKind::kRelu, block);
  return b.Finish(
      {act(ActivationKind::kSigmoid, conv(block, 3, {.kernel = {5, 3}, .padding = {2, 1, 2, 1}}))});
}

// What U-Nets are made of: filters of 4x4 that halve and transposed ones that double, with what
// stands between.
Graph UNet(int64_t features) {
  GraphBuilder b("test");
  const ValueId x = b.Input("x", {Dim::Symbol("N"), 3, Dim::Symbol("H", 4), Dim::Symbol("W", 4)});
  int64_t count = 0;
  const auto filters = [&](const Shape& shape) {
    return b.Parameter(fmt::format("conv{}", count++), shape);
  };
  const auto channels = [&](ValueId in) { return b.ShapeOf(in)[1].constant(); };
  const Padding2d border{1, 1, 1, 1};
  const auto halved = [&](ValueId in, int64_t to) {
    return b.Add(Conv2d{.kernel = {4, 4}, .stride = {2, 2}, .padding = border},
                 {b.Add(Activation{ActivationKind::kLeakyRelu, 0.2f}, {in}),
                  filters({to, channels(in), 4, 4})});
  };
  const auto doubled = [&](ValueId in, int64_t to) {
    return b.Add(
        ConvTranspose2d{.kernel = {4, 4}, .stride = {2, 2}, .padding = border},
        {b.Add(Activation{ActivationKind::kRelu}, {in}), filters({channels(in), to, 4, 4})});
  };
  const ValueId wide =
      b.Add(Conv2d{.kernel = {3, 3}, .padding = border}, {x, filters({features, 3, 3, 3})});
  const ValueId half = halved(wide, 2 * features);
  const ValueId inner = doubled(halved(half, 40), 2 * features);
  const ValueId outer = doubled(b.Add(Concat{}, {half, inner}), 24);
  return b.Finish(
      {b.Add(Conv2d{.kernel = {1, 1}, .padding = {}}, {outer, filters({3, 24, 1, 1})})});
}

Tensor RunWith(const CpuPasses& passes, int threads, int64_t features, const Tensor& input) {
  return RunWith(passes, threads, Network(features), input);
}

TEST(RowRunner, IsCloseToTheNodesOneByOne) {
  for (const Shape& shape : {Shape{1, 3, 21, 34}, Shape{2, 3, 5, 3}, Shape{1, 3, 1, 1}}) {
    for (const int64_t features : {13, 32}) {
      const Tensor x = Picture(shape);
      const Tensor wanted = RunWith({.rows = false}, 2, features, x);
      ExpectClose(RunWith({}, 2, features, x), wanted, 1e-4f);
    }
  }
}

TEST(RowRunner, PassesChangeNoBit) {
  const Tensor x = Picture({1, 3, 37, 150});
  const CpuPasses none{.join_concats = false,
                       .fuse_maps = false,
                       .fuse_doublings = false,
                       .enlarge_tiles = false,
                       .bands = false};
  const Tensor plain = RunWith(none, 2, 24, x);
  const auto expect_same = [&](bool CpuPasses::*pass) {
    CpuPasses one = none;
    one.*pass = true;
    ExpectSameBits(RunWith(one, 2, 24, x), plain);
  };
  expect_same(&CpuPasses::join_concats);
  expect_same(&CpuPasses::fuse_maps);
  expect_same(&CpuPasses::bands);
  ExpectSameBits(RunWith({.fuse_doublings = false, .enlarge_tiles = false}, 2, 24, x), plain);
  // Another set of points for the transforms, and other tiles.
  ExpectClose(RunWith({.enlarge_tiles = false}, 2, 24, x), plain, 3e-5f);
  ExpectClose(RunWith({}, 2, 24, x), plain, 1e-4f);
}

TEST(RowRunner, RoundedProductsAreNear) {
  const Tensor x = Picture({1, 3, 37, 150});
  const Tensor exact = RunWith({}, 1, 24, x), rounded = RunWith({.bf16 = true}, 1, 24, x);
  double size = 0, difference = 0;
  for (size_t i = 0; i < exact.floats().size(); ++i) {
    size += std::pow(exact.floats()[i], 2);
    difference += std::pow(exact.floats()[i] - rounded.floats()[i], 2);
  }
  EXPECT_LT(difference, 1e-3 * size);
  EXPECT_GT(difference, 1e-7 * size) << "nothing was rounded";
  ExpectSameBits(RunWith({.bf16 = true}, 3, 24, x), rounded);
  ExpectSameBits(RunWith({.bf16 = true, .bands = false}, 2, 24, x), rounded);
}

TEST(RowRunner, ThreadsChangeNoBit) {
  const Tensor x = Picture({1, 3, 50, 131});
  const Tensor alone = RunWith({}, 1, 24, x);
  for (const int threads : {2, 3, 5, 8}) ExpectSameBits(RunWith({}, threads, 24, x), alone);
}

TEST(RowRunner, EveryTargetAndEverySize) {
  for (const std::string& target : kernels::AvailableTargets()) {
    kernels::SetTarget(target);
    for (int64_t size = 1; size <= 25; size += 3) {
      const Tensor x = Picture({1, 3, size, 26 - size});
      ExpectClose(RunWith({}, 2, 20, x), RunWith({.rows = false}, 2, 20, x), 1e-4f);
    }
    kernels::SetTarget("auto");
  }
}

// Reads and writes within the rows of each value, whatever the size: 4900 of them, by hand.
TEST(RowRunner, AllSizesTo70) {
  if (std::getenv("GAN_SOAK") == nullptr) GTEST_SKIP() << "runs with GAN_SOAK=1 in the environment";
  const Graph graph = Network(5), translator = Translator(5), unet = UNet(8);
  for (int64_t height = 1; height <= 70; ++height) {
    for (int64_t width = 1; width <= 70; ++width) {
      const Tensor x = Picture({1, 3, height, width});
      ExpectClose(RunWith({}, 2, graph, x), RunWith({.rows = false}, 2, graph, x), 1e-4f);
      if (height % 4 == 0 && width % 4 == 0) {
        ExpectClose(RunWith({}, 2, unet, x), RunWith({.rows = false}, 2, unet, x), 1e-4f);
      }
      if (std::min(height, width) < 4) continue;  // its border is 3
      ExpectClose(RunWith({}, 2, translator, x), RunWith({.rows = false}, 2, translator, x), 1e-4f);
    }
  }
}

TEST(RowRunner, TranslatorsAreCloseToTheNodesOneByOne) {
  for (const std::string& target : kernels::AvailableTargets()) {
    kernels::SetTarget(target);
    for (const Shape& shape : {Shape{1, 3, 4, 4}, Shape{3, 3, 17, 8}, Shape{1, 3, 70, 41}}) {
      for (const int64_t features : {5, 16}) {
        const Tensor x = Picture(shape);
        const Graph graph = Translator(features);
        ExpectClose(RunWith({}, 2, graph, x), RunWith({.rows = false}, 2, graph, x), 1e-4f);
      }
    }
    kernels::SetTarget("auto");
  }
}

TEST(RowRunner, TranslatorsHaveTheSameBitsInBandsAndThreads) {
  const Graph graph = Translator(16);
  for (const Shape& shape : {Shape{1, 3, 250, 131}, Shape{5, 3, 40, 40}, Shape{3, 3, 4, 4}}) {
    const Tensor x = Picture(shape);
    const Tensor plain = RunWith({.fuse_maps = false, .bands = false}, 1, graph, x);
    for (const int threads : {1, 2, 3, 8}) ExpectSameBits(RunWith({}, threads, graph, x), plain);
  }
}

TEST(RowRunner, UNetsAreCloseToTheNodesOneByOne) {
  OnEachTarget([] {
    for (const Shape& shape : {Shape{1, 3, 4, 4}, Shape{3, 3, 16, 8}, Shape{1, 3, 72, 40}}) {
      for (const int64_t features : {9, 16}) {
        const Tensor x = Picture(shape);
        const Graph graph = UNet(features);
        const Tensor wanted = RunWith({.rows = false}, 2, graph, x);
        ExpectClose(RunWith({}, 2, graph, x), wanted, 1e-4f);
        ExpectClose(RunWith({.small_tiles = false}, 2, graph, x), wanted, 1e-4f);
      }
    }
  });
}

TEST(RowRunner, UNetsHaveTheSameBitsInBandsAndThreads) {
  const Graph graph = UNet(16);
  for (const Shape& shape : {Shape{1, 3, 252, 132}, Shape{5, 3, 40, 40}, Shape{3, 3, 4, 4}}) {
    const Tensor x = Picture(shape);
    const Tensor plain = RunWith({.fuse_maps = false, .bands = false}, 1, graph, x);
    for (const int threads : {1, 2, 3, 8}) ExpectSameBits(RunWith({}, threads, graph, x), plain);
  }
}

TEST(RowRunner, BordersLargerThanThePictureAreRefused) {
  EXPECT_THROW(RunWith({}, 1, Translator(5), Picture({1, 3, 3, 9})), Error);
}

TEST(RowRunner, NotANumberIsNotLost) {
  Tensor x = Picture({1, 3, 16, 16});
  x.floats()[100] = std::nanf("");
  const Tensor out = RunWith({}, 1, 16, x);
  EXPECT_TRUE(std::ranges::any_of(out.floats(), [](float v) { return std::isnan(v); }));
}

TEST(RowRunner, MemoryIsOfAFewRows) {
  ThreadPool pool(1);
  const Graph graph = Network(32);
  const auto memory = [&](const CpuPasses& passes) {
    return MakeCpuBackend(pool, passes)
        ->Compile(graph, RandomParameters(graph))
        ->Memory({{"N", 1}, {"H", 512}, {"W", 256}})
        .total();
  };
  EXPECT_LT(memory({}) * 3, memory({.bands = false}));
}

}  // namespace
}  // namespace gan::core
