#include "tests/conformance/family_case.h"

#include <fmt/format.h>

#include <algorithm>

namespace gan::core::conformance {

std::vector<FamilyCase> FamilyCases() {
  return {
      {"esrgan", {{"num_block", 2}}, {{1, 3, 10, 13}, {1, 3, 1, 1}}},
      {"esrgan",
       {{"num_block", 1}, {"num_feat", 13}, {"num_grow_ch", 5}, {"scale", 2}, {"unshuffle", 2}},
       {{2, 3, 18, 34}}},
      {"esrgan",
       {{"num_block", 1}, {"num_feat", 24}, {"scale", 1}, {"num_in_ch", 1}, {"num_out_ch", 1}},
       {{1, 1, 40, 9}}},
      {"compact", {{"num_conv", 4}}, {{1, 3, 20, 27}, {1, 3, 1, 1}}},
      {"compact",
       {{"num_conv", 2}, {"num_feat", 19}, {"upscale", 3}, {"act_type", 2}},
       {{2, 3, 7, 50}}},
      {"swift-srgan", {{"blocks", 2}, {"features", 12}}, {{1, 3, 9, 14}}},
      {"srgan", {{"blocks", 2}, {"features", 12}}, {{1, 3, 9, 14}, {1, 3, 1, 1}}},
      {"srgan",
       {{"blocks", 1}, {"features", 7}, {"slopes", 2}, {"scale", 3}, {"norm", 0}},
       {{2, 3, 8, 5}}},
      {"srgan", {{"blocks", 2}, {"features", 10}, {"modified", 1}}, {{1, 3, 11, 6}, {1, 3, 1, 1}}},
      {"cyclegan", {{"n_blocks", 2}, {"ngf", 6}}, {{1, 3, 16, 20}}},
      {"cyclegan", {{"n_blocks", 1}, {"ngf", 5}, {"sampling", 1}, {"norm", 2}}, {{2, 3, 12, 16}}},
      {"cyclegan",
       {{"n_blocks", 1}, {"ngf", 4}, {"sampling", 2}, {"norm", 1}, {"reflect", 0}},
       {{1, 3, 12, 8}}},
      {"cyclegan", {{"n_blocks", 1}, {"ngf", 4}, {"sampling", 3}, {"n_downs", 1}}, {{1, 3, 6, 10}}},
      {"cyclegan", {{"n_blocks", 1}, {"ngf", 4}, {"dropout", 1}}, {{1, 3, 8, 12}}},
      {"pix2pix", {{"ngf", 5}, {"num_downs", 3}}, {{1, 3, 16, 24}}},
      {"pix2pix", {{"ngf", 3}, {"num_downs", 6}}, {{1, 3, 64, 128}}},
      {"pix2pix", {{"ngf", 4}, {"num_downs", 2}, {"norm", 0}}, {{2, 3, 8, 12}}},
      {"animegan2", {{"width", 4}, {"blocks", 2}}, {{1, 3, 16, 12}}},
      {"stylegan2", {{"size", 16}, {"base", 96}, {"widest", 12}, {"clamp", 3}}, {{1}, {3}}},
      {"stylegan2",
       {{"size", 8}, {"base", 64}, {"classes", 3}, {"architecture", 1}, {"style", 20}},
       {{2}}},
      {"stylegan2", {{"size", 8}, {"base", 64}, {"architecture", 2}, {"latent", 9}}, {{2}}},
      {"dcgan", {{"size", 28}, {"width", 5}, {"channels", 1}}, {{1}, {3}}},
      {"dcgan", {{"size", 32}, {"width", 8}, {"classes", 3}, {"norm", 0}}, {{2}}},
      {"resnet-gan", {{"size", 28}, {"width", 6}, {"classes", 4}, {"attention", 1}}, {{1}, {2}}},
      {"resnet-gan", {{"size", 16}, {"width", 8}}, {{3}}},
      {"r3gan", {{"size", 28}, {"width", 6}, {"classes", 4}}, {{1}, {2}}},
      {"r3gan", {{"size", 16}, {"width", 16}, {"channels", 4}}, {{3}}},
  };
}

std::string NameOf(const FamilyCase& family, size_t index) {
  std::string name = fmt::format("{}_{}", family.family, index);
  std::ranges::replace(name, '-', '_');
  return name;
}

std::vector<Tensor> InputsOf(const Model& model, const Shape& shape, Random& random) {
  std::vector<Shape> shapes = {shape};
  if (model.latent) {
    shapes.clear();
    for (const ValueId id : model.graph.inputs) {
      shapes.push_back(Evaluate(model.graph.value(id).shape, {{"N", shape[0]}}));
    }
  }
  std::vector<Tensor> inputs;
  for (const Shape& each : shapes) {
    inputs.emplace_back(DType::kF32, each);
    random.FillUniform(inputs.back().floats(), 0, 1);
  }
  return inputs;
}

float RangeOf(const Tensor& tensor) {
  const auto [low, high] = std::ranges::minmax(tensor.floats());
  return high - low;
}

}  // namespace gan::core::conformance
