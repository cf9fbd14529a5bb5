#include "backends/torch/backend.h"

#include <gtest/gtest.h>

#include <cstring>

#include "backends/torch/run_graph.h"
#include "base/error.h"

namespace gan::core {
namespace {

// y = 3x + 1 by a convolution over any picture, and its reflection with a border of 2.
Graph TwoOutputs() {
  GraphBuilder builder("two");
  const ValueId x = builder.Input("x", {1, 1, Dim::Symbol("H"), Dim::Symbol("W")});
  const ValueId weight = builder.Parameter("weight", {1, 1, 1, 1});
  const ValueId bias = builder.Parameter("bias", {1});
  const ValueId y = builder.Add(Conv2d{}, {x, weight, bias});
  const ValueId z = builder.Add(Pad2d{PadMode::kReflect, {2, 2, 2, 2}}, {y});
  return builder.Finish({y, z});
}

NamedTensors Weights() {
  NamedTensors tensors;
  Tensor half(DType::kF16, {1, 1, 1, 1});
  const uint16_t three = HalfFromFloat(3);
  std::memcpy(half.raw().data(), &three, sizeof three);
  tensors.Add("weight", half);
  tensors.Add("bias", Tensor::FromFloats({1}, std::vector<float>{1}));
  return tensors;
}

TEST(TorchBackend, RunsEveryOutput) {
  const auto backend = MakeTorchBackend({.threads = 2});
  EXPECT_EQ(backend->name(), "torch");
  EXPECT_EQ(backend->target().rfind("LibTorch ", 0), 0u) << backend->target();
  const auto executable = backend->Compile(TwoOutputs(), Weights());
  const std::vector<float> picture{0, 1, 2, 3, 4, 5, 6, 7, 8};
  const auto out = RunOnce(*executable, std::vector{Tensor::FromFloats({1, 1, 3, 3}, picture)});
  ASSERT_EQ(out.size(), 2u);
  for (size_t i = 0; i < picture.size(); ++i) EXPECT_EQ(out[0].floats()[i], 3 * picture[i] + 1);
  EXPECT_EQ(out[1].shape(), Shape({1, 1, 7, 7}));
  EXPECT_EQ(out[1].floats()[0], 3 * 8 + 1);
}

TEST(TorchBackend, TellsItsMemory) {
  const auto executable = MakeTorchBackend({})->Compile(TwoOutputs(), Weights());
  const MemoryUse use = executable->Memory({{"H", 4}, {"W", 4}});
  EXPECT_EQ(use.parameters, 2 * sizeof(float));
  EXPECT_EQ(use.activations, (16 + 64) * sizeof(float));
}

TEST(TorchBackend, PicturesThatDoNotFitAreBadData) {
  const auto executable = MakeTorchBackend({})->Compile(TwoOutputs(), Weights());
  for (const Shape& shape : {Shape{1, 1, 2, 3}, Shape{1, 2, 5, 5}}) {
    try {
      RunOnce(*executable, std::vector{Tensor::Zeros(DType::kF32, shape)});
      ADD_FAILURE() << shape.ToString() << " was run";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kBadData) << e.what();
    }
  }
}

TEST(TorchBackend, DevicesThatAreNotThereAreSaidSo) {
  EXPECT_THROW(MakeTorchBackend({.device = "toaster"}), Error);
  EXPECT_THROW(MakeTorchBackend({.device = "meta"}), Error);
  if (at::hasCUDA()) GTEST_SKIP() << "this machine has a GPU";
  try {
    MakeTorchBackend({.device = "cuda"});
    ADD_FAILURE() << "a GPU was found";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kConfiguration) << e.what();
  }
}

TEST(TorchBackend, GraphsRunUnderAutograd) {
  const Graph graph = TwoOutputs();
  auto parameters = torch_backend::ParametersOf(graph, Weights(), at::kCPU);
  for (auto& [name, tensor] : parameters) tensor.requires_grad_(true);
  const at::Tensor x = at::ones({1, 1, 3, 4}) * 2;
  const auto out = torch_backend::RunGraph(graph, parameters, std::vector{x});
  out[0].sum().backward();
  EXPECT_EQ(parameters.at("weight").grad().item<float>(), 24);
  EXPECT_EQ(parameters.at("bias").grad().item<float>(), 12);
}

}  // namespace
}  // namespace gan::core
