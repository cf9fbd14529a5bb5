#include "training/trained_network.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "models/initialise.h"
#include "models/pair.h"
#include "training/flat_parameters.h"

namespace gan::core {
namespace {

Graph SmallDiscriminator(int64_t width, bool norm) {
  PairConfig config;
  config.size = 16;
  config.latent = 4;
  config.generator_width = 2;
  config.discriminator_width = width;
  config.discriminator_norm = norm;
  return BuildPair(config).discriminator;
}

TrainedNetwork Make(const Graph& graph, bool spectral_norm, uint64_t seed = 1) {
  at::set_num_threads(1);
  return {graph,
          InitialParameters(graph, "dcgan", InitStyle::kFamily, seed),
          {.spectral_norm = spectral_norm, .seed = seed}};
}

at::Tensor Pictures() { return at::arange(4 * 3 * 256, at::kFloat).sin().reshape({4, 3, 16, 16}); }

at::Tensor Train(TrainedNetwork& network) {
  torch_backend::RunOptions options;
  options.training = true;
  return network.Run(std::vector<at::Tensor>{Pictures()}, options);
}

TEST(TrainedNetwork, PrepareDecidesWhoRequiresGradients) {
  for (const bool spectral : {false, true}) {
    TrainedNetwork network = Make(SmallDiscriminator(4, false), spectral);
    EXPECT_FALSE(Train(network).requires_grad());
    network.Prepare(/*trained=*/true, /*iterate=*/false);
    for (const at::Tensor& leaf : network.parameters().leaves()) EXPECT_TRUE(leaf.requires_grad());
    EXPECT_FALSE(network.parameters().values().requires_grad());
    EXPECT_TRUE(Train(network).requires_grad());
    network.Prepare(/*trained=*/false, /*iterate=*/false);
    for (const at::Tensor& leaf : network.parameters().leaves()) EXPECT_FALSE(leaf.requires_grad());
    EXPECT_FALSE(Train(network).requires_grad());
  }
}

TEST(TrainedNetwork, LeavesAreViewsOfTheBlock) {
  TrainedNetwork network = Make(SmallDiscriminator(4, false), false);
  const at::Tensor before = Train(network).clone();
  at::Tensor values = network.parameters().values();
  values.mul_(2);
  network.Prepare(false, false);
  EXPECT_FALSE(Train(network).equal(before));
}

TEST(TrainedNetwork, ExportFoldsSpectralNorms) {
  TrainedNetwork network = Make(SmallDiscriminator(4, false), true);
  for (int i = 0; i < 100; ++i) network.Prepare(true, /*iterate=*/true);
  const NamedTensors out = network.Export();
  int weights = 0;
  for (const auto& [name, tensor] : out) {
    if (!network.Buffers().contains(name + "_u")) continue;
    ++weights;
    const at::Tensor weight = ToAten(tensor, at::kCPU);
    const at::Tensor matrix = weight.reshape({weight.size(0), -1});
    EXPECT_NEAR(at::linalg_svdvals(matrix).max().item<float>(), 1, 0.02) << name;
  }
  EXPECT_GT(weights, 2);
  // As the network runs.
  network.Prepare(false, false);
  const torch_backend::ParameterTensors folded =
      torch_backend::ParametersOf(network.graph(), out, at::kCPU);
  const at::Tensor run =
      torch_backend::RunGraph(network.graph(), folded, std::vector<at::Tensor>{Pictures()}).at(0);
  EXPECT_TRUE(at::allclose(run, Train(network), 1e-4, 1e-5));
  // Of an average too: a scale makes no difference to what is normalised.
  const NamedTensors twice = network.Export(network.parameters().values() * 2);
  for (const auto& [name, tensor] : out) {
    const bool normed = network.Buffers().contains(name + "_u");
    const at::Tensor expected = ToAten(tensor, at::kCPU) * (normed ? 1 : 2);
    EXPECT_TRUE(at::allclose(ToAten(twice.At(name), at::kCPU), expected, 1e-4, 1e-6)) << name;
  }
}

TEST(TrainedNetwork, SavesAndRestoresBuffers) {
  TrainedNetwork network = Make(SmallDiscriminator(4, true), true);
  network.Prepare(true, true);
  Train(network);  // moves the running statistics
  std::map<std::string, at::Tensor> saved;
  for (const auto& [name, buffer] : network.Buffers()) saved[name] = buffer.clone();
  EXPECT_GT(saved.size(), network.graph().nodes.size() / 8);
  TrainedNetwork other = Make(SmallDiscriminator(4, true), true, 2);
  bool differ = false;
  for (const auto& [name, buffer] : other.Buffers()) differ |= !buffer.equal(saved.at(name));
  EXPECT_TRUE(differ);
  other.RestoreBuffers(saved);
  for (const auto& [name, buffer] : other.Buffers()) EXPECT_TRUE(buffer.equal(saved.at(name)));
  // They are copies: what one does next is nothing to the other.
  network.Prepare(true, true);
  Train(network);
  for (const auto& [name, buffer] : other.Buffers()) EXPECT_TRUE(buffer.equal(saved.at(name)));
}

TEST(TrainedNetwork, RestoreRefusesOtherShapes) {
  TrainedNetwork network = Make(SmallDiscriminator(4, true), true);
  const TrainedNetwork wider = Make(SmallDiscriminator(3, true), true);
  const auto code_of = [&](const std::map<std::string, at::Tensor>& buffers) {
    try {
      network.RestoreBuffers(buffers);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code_of(wider.Buffers()), ErrorCode::kBadData);
  EXPECT_EQ(code_of({}), ErrorCode::kBadData);
}

}  // namespace
}  // namespace gan::core
