#include "backends/cpu/executable.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "backends/cpu/graph_testing.h"
#include "base/error.h"

namespace gan::core {
namespace {

// A network with a skip connection, a concatenation, in-place activations and a shuffle.
Graph Network() {
  GraphBuilder b("test");
  const ValueId x = b.Input("x", {Dim::Symbol("N"), 3, Dim::Symbol("H"), Dim::Symbol("W")});
  const Conv2d same{.kernel = {3, 3}, .padding = {1, 1, 1, 1}};
  const auto conv = [&](ValueId in, int64_t from, int64_t to, const std::string& name) {
    return b.Add(same, {in, b.Parameter(name + ".weight", {to, from, 3, 3}),
                        b.Parameter(name + ".bias", {to})});
  };
  const ValueId first = conv(x, 3, 8, "first");
  const ValueId act = b.Add(Activation{ActivationKind::kLeakyRelu, 0.2f}, {first});
  const ValueId both = b.Add(Concat{}, {first, act});
  const ValueId body = b.Add(Prelu{}, {conv(both, 16, 8, "body"), b.Parameter("slope", {8})});
  const ValueId sum = b.Add(Binary{}, {b.Add(Affine{.scale = 0.2f}, {body}), first});
  const ValueId last = conv(sum, 8, 12, "last");
  return b.Finish({b.Add(PixelShuffle{2}, {last}, "out")});
}

std::vector<float> RunOn(const std::string& target, int threads, const Tensor& input) {
  kernels::SetTarget(target);
  ThreadPool pool(threads);
  const Graph graph = Network();
  const auto executable = MakeCpuBackend(pool)->Compile(graph, RandomParameters(graph));
  const Tensor out = RunOnce(*executable, std::span(&input, 1))[0];
  kernels::SetTarget("auto");
  return {out.floats().begin(), out.floats().end()};
}

TEST(CpuExecutable, EveryTargetAgreesWithTheReference) {
  const Tensor x = Picture({2, 3, 13, 17});
  const std::vector<float> wanted = RunOn("reference", 1, x);
  for (const std::string& target : kernels::AvailableTargets()) {
    const std::vector<float> got = RunOn(target, 2, x);
    ASSERT_EQ(got.size(), wanted.size());
    for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], wanted[i], 1e-5) << target;
  }
}

TEST(CpuExecutable, SameBytesForAnyNumberOfThreads) {
  const Tensor x = Picture({1, 3, 40, 37});
  const std::vector<float> one = RunOn("auto", 1, x);
  for (const int threads : {2, 3, 4, 8}) EXPECT_EQ(RunOn("auto", threads, x), one) << threads;
}

TEST(CpuExecutable, RunsAtOneSizeAfterAnother) {
  ThreadPool pool(2);
  const Graph graph = Network();
  const auto executable = MakeCpuBackend(pool)->Compile(graph, RandomParameters(graph));
  const Tensor small = Picture({1, 3, 5, 4});
  const Tensor large = Picture({1, 3, 30, 50});
  const Tensor before = RunOnce(*executable, std::span(&small, 1))[0];
  RunOnce(*executable, std::span(&large, 1));
  const Tensor after = RunOnce(*executable, std::span(&small, 1))[0];
  EXPECT_EQ(after.shape(), (Shape{1, 3, 10, 8}));
  EXPECT_TRUE(std::equal(before.floats().begin(), before.floats().end(), after.floats().begin()));
}

TEST(CpuExecutable, TellsItsMemory) {
  ThreadPool pool(1);
  const Graph graph = Network();
  const auto executable =
      MakeCpuBackend(pool, {.rows = false})->Compile(graph, RandomParameters(graph));
  const MemoryUse use = executable->Memory({{"N", 1}, {"H", 64}, {"W", 64}});
  // first and the concatenation live together: 8 + 8 + 16 channels at least.
  EXPECT_GE(use.activations, 32u * 64 * 64 * 4);
  EXPECT_LE(use.activations, 48u * 64 * 64 * 4);
  EXPECT_GE(use.parameters, (216u + 8 + 1152 + 8 + 8 + 864 + 12) * 4);
}

TEST(CpuExecutable, RefusesInputsThatDoNotFit) {
  ThreadPool pool(1);
  const Graph graph = Network();
  const auto executable = MakeCpuBackend(pool)->Compile(graph, RandomParameters(graph));
  const Tensor grey = Picture({1, 1, 8, 8});
  EXPECT_THROW(RunOnce(*executable, std::span(&grey, 1)), Error);
  EXPECT_THROW(MakeCpuBackend(pool)->Compile(graph, {}), Error);
}

TEST(CpuExecutable, ReflectionNeedsALargeEnoughPicture) {
  GraphBuilder b("pad");
  const ValueId x = b.Input("x", {1, 1, Dim::Symbol("H"), Dim::Symbol("W")});
  const Graph graph =
      b.Finish({b.Add(Pad2d{.mode = PadMode::kReflect, .padding = {3, 3, 3, 3}}, {x})});
  ThreadPool pool(1);
  const auto executable = MakeCpuBackend(pool)->Compile(graph, {});
  const Tensor tiny = Picture({1, 1, 3, 9});
  EXPECT_THROW(RunOnce(*executable, std::span(&tiny, 1)), Error);
  const Tensor enough = Picture({1, 1, 4, 9});
  EXPECT_EQ(RunOnce(*executable, std::span(&enough, 1))[0].shape(), (Shape{1, 1, 10, 15}));
}

TEST(CpuExecutable, AWeightMayStandWhereAPictureIsWanted) {
  GraphBuilder b("constant");
  const ValueId x = b.Input("x", {1, 3, 4, 4});
  const ValueId constant = b.Parameter("constant", {1, 3, 4, 4});
  const ValueId weight = b.Parameter("weight", {3, 3, 1, 1});
  const ValueId y = b.Add(Conv2d{}, {constant, weight});
  const ValueId z = b.Add(ConvTranspose2d{}, {constant, weight});
  const Graph graph = b.Finish({b.Add(Binary{}, {b.Add(Binary{}, {y, z}), x})});
  ThreadPool pool(1);
  const auto executable = MakeCpuBackend(pool)->Compile(graph, RandomParameters(graph));
  const Tensor in = Picture({1, 3, 4, 4});
  EXPECT_EQ(RunOnce(*executable, std::span(&in, 1))[0].shape(), in.shape());
}

TEST(CpuExecutable, AComputedWeightIsRefused) {
  GraphBuilder b("dynamic");
  const ValueId x = b.Input("x", {1, 3, 4, 4});
  const ValueId weight = b.Add(Affine{}, {b.Parameter("weight", {3, 3, 1, 1})});
  const Graph graph = b.Finish({b.Add(Conv2d{}, {x, weight})});
  ThreadPool pool(1);
  EXPECT_THROW(MakeCpuBackend(pool)->Compile(graph, RandomParameters(graph)), Error);
}

TEST(CpuExecutable, GivesOneValueOutTwice) {
  GraphBuilder b("twice");
  const ValueId x = b.Input("x", {1, 1, Dim::Symbol("H"), Dim::Symbol("W")});
  const ValueId y = b.Add(Affine{.scale = 2}, {x});
  const Graph graph = b.Finish({y, x, y});
  ThreadPool pool(1);
  const auto executable = MakeCpuBackend(pool)->Compile(graph, {});
  const Tensor in = Picture({1, 1, 4, 4});
  const std::vector<Tensor> out = RunOnce(*executable, std::span(&in, 1));
  for (size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(out[0].floats()[i], 2 * in.floats()[i]);
    EXPECT_EQ(out[1].floats()[i], in.floats()[i]);
    EXPECT_EQ(out[2].floats()[i], 2 * in.floats()[i]);
  }
}

}  // namespace
}  // namespace gan::core
