// The LibTorch backend as programs meet it: through dlopen, and not at all before that.
#include "runtime/plugin.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "base/error.h"

namespace gan::core {
namespace {

bool IsMapped(const std::string& library) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find(library) != std::string::npos) return true;
  }
  return false;
}

Graph Doubling() {
  GraphBuilder builder("doubling");
  const ValueId x = builder.Input("x", {1, 1, Dim::Symbol("H"), Dim::Symbol("W")});
  return builder.Finish({builder.Add(Affine{2, 0}, {x})});
}

TEST(TorchPluginDeathTest, IsLoadedOnlyWhenAskedFor) {
  if (!GAN_HAS_TORCH) GTEST_SKIP() << "needs a build with LibTorch";
  // In a process of its own, begun anew: other tests of this program load it.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const bool before = IsMapped("libtorch");
        const auto backend = LoadBackendPlugin("torch", {});
        std::exit(!before && IsMapped("libtorch") && backend->name() == "torch" ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(TorchPlugin, ItsErrorsAreOurs) {
  if (!GAN_HAS_TORCH) GTEST_SKIP() << "needs a build with LibTorch";
  const auto backend = LoadBackendPlugin("torch", {.threads = 1});
  const auto executable = backend->Compile(Doubling(), {});
  try {
    RunOnce(*executable, std::vector{Tensor::Zeros(DType::kF32, {1, 2, 4, 4})});
    ADD_FAILURE() << "two channels were accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kBadData);
  }
  EXPECT_THROW(LoadBackendPlugin("torch", {.device = "toaster"}), Error);
}

TEST(TorchPlugin, ABuildWithoutItSaysSo) {
  if (GAN_HAS_TORCH) GTEST_SKIP() << "needs a build without LibTorch";
  try {
    LoadBackendPlugin("torch", {});
    ADD_FAILURE() << "LibTorch was loaded";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kConfiguration);
    EXPECT_NE(std::string(e.what()).find("GAN_TRAINING"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace gan::core
