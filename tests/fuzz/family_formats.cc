#include "family_formats.h"

#include <utility>

#include "formats/checkpoint.h"
#include "formats/testing/torch_writer.h"
#include "models/model.h"
#include "models/stylegan2/testing_saved.h"

namespace gan::core::fuzz {
namespace {

struct Small {
  std::string_view family;
  ModelSizes sizes;
};

// As small as they go, so that more of a file is names and sizes.
const std::vector<Small>& SmallFamilies() {
  static const std::vector<Small> families = {
      {"esrgan", {{"num_block", 1}, {"num_feat", 2}, {"num_grow_ch", 1}}},
      {"compact", {{"num_conv", 1}, {"num_feat", 2}}},
      {"swift-srgan", {{"blocks", 1}, {"features", 2}}},
      {"cyclegan", {{"n_blocks", 1}, {"ngf", 1}}},
      {"cyclegan", {{"n_blocks", 1}, {"ngf", 1}, {"sampling", 2}, {"norm", 1}}},
      {"pix2pix", {{"ngf", 1}, {"num_downs", 3}}},
      {"animegan2", {{"width", 1}, {"blocks", 1}}},
      {"stylegan2", {{"size", 8}, {"base", 8}, {"widest", 2}, {"latent", 2}, {"style", 2}}},
      {"resnet-gan", {{"size", 16}, {"width", 1}, {"classes", 2}, {"attention", 1}}},
      {"r3gan", {{"size", 16}, {"width", 2}, {"latent", 2}}},
      {"dcgan", {{"size", 16}, {"width", 1}, {"latent", 2}, {"classes", 2}}},
  };
  return families;
}

// DCGANs in other layouts: odd kernels, a linear layer in front, plain convolutions, classes.
std::vector<NamedTensors> Layouts() {
  using Named = std::vector<std::pair<const char*, Shape>>;
  const std::vector<Named> layouts = {
      {{"embed.weight", {3, 2}}, {"gen.0.0.weight", {4, 2, 4, 4}}, {"gen.1.weight", {2, 1, 4, 4}}},
      {{"main.0.weight", {98, 2}},
       {"main.2.weight", {2, 2, 5, 5}},
       {"main.4.weight", {2, 1, 5, 5}}},
      {{"l1.0.weight", {32, 3}},
       {"label_emb.weight", {2, 3}},
       {"conv_blocks.2.weight", {2, 2, 3, 3}},
       {"conv_blocks.6.weight", {2, 2, 3, 3}},
       {"conv_blocks.9.weight", {1, 2, 3, 3}}},
      {{"deconv1_1.weight", {4, 2, 4, 4}},
       {"deconv1_2.weight", {3, 2, 4, 4}},
       {"deconv2.weight", {4, 2, 4, 4}},
       {"deconv3.weight", {2, 1, 4, 4}}}};
  std::vector<NamedTensors> out;
  for (const Named& layout : layouts) {
    NamedTensors tensors;
    for (const auto& [name, shape] : layout) tensors.Add(name, Tensor::Zeros(DType::kF32, shape));
    out.push_back(std::move(tensors));
  }
  return out;
}

}  // namespace

std::vector<std::string> FamilySeeds() {
  testing::TorchWriteOptions bare;
  bare.checksums = false;
  std::vector<std::string> seeds;
  for (const Small& small : SmallFamilies()) {
    const NamedTensors tensors = BuildRandom(small.family, small.sizes, 1).parameters;
    const bool style = small.family == "stylegan2";
    seeds.push_back(testing::TorchBytes(style ? testing::SavedStyleGan(tensors) : tensors, bare));
  }
  bare.legacy = true;
  for (const NamedTensors& tensors : Layouts()) seeds.push_back(testing::TorchBytes(tensors, bare));
  return seeds;
}

void ReadFuzzedFamily(std::span<const std::byte> bytes) {
  ReadOptions options;
  options.allow_non_finite = true;
  const Checkpoint checkpoint = ReadCheckpoint(MemorySource("fuzz", bytes), options);
  const Model model = DetectModel(checkpoint.tensors, checkpoint.modules);
  CheckParameters(model.graph, model.parameters);
}

}  // namespace gan::core::fuzz
