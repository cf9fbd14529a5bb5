#include "bench/networks.h"

#include <fmt/format.h>

#include <utility>

#include "models/model.h"

namespace gan::core::bench {
namespace {

Race NetworkRace(std::string name, std::string_view family, const ModelSizes& sizes, int64_t width,
                 int64_t height) {
  const auto problem = [=]() -> conformance::Problem {
    Model model = BuildRandom(family, sizes, 1);
    Tensor picture(DType::kF32, {1, 3, height, width});
    Random(2).FillUniform(picture.floats(), 0, 1);
    return {std::move(model.graph), std::move(model.parameters), {picture}};
  };
  return {.name = std::move(name), .size = fmt::format("{}x{}", width, height), .problem = problem};
}

// `count` pictures out of random numbers in one run.
Race SampleRace(std::string name, std::string_view family, const ModelSizes& sizes, int64_t count) {
  const auto problem = [=]() -> conformance::Problem {
    Model model = BuildRandom(family, sizes, 1);
    const Graph& graph = model.graph;
    Tensor z(DType::kF32, Evaluate(graph.value(graph.inputs[0]).shape, {{"N", count}}));
    Random(2).FillNormal(z.floats());
    return {std::move(model.graph), std::move(model.parameters), {z}};
  };
  const int64_t side = sizes.at("size");
  return {.name = std::move(name),
          .size = fmt::format("{} of {}x{}", count, side, side),
          .problem = problem};
}

}  // namespace

std::vector<Race> NetworkRaces(bool full) {
  std::vector<Race> races;
  const int64_t blocks = full ? 23 : 3;
  for (const int64_t side : {64, 128, 256}) {
    races.push_back(NetworkRace(fmt::format("esrgan x4, {} blocks", blocks), "esrgan",
                                {{"num_block", blocks}}, side, side));
  }
  const auto compact = [&](int64_t width, int64_t height) {
    races.push_back(
        NetworkRace("compact x4, 16 x 64", "compact", {{"num_conv", 16}}, width, height));
  };
  for (const int64_t side : {128, 256, 512}) compact(side, side);
  if (full) compact(640, 480);
  races.push_back(NetworkRace("swift-srgan x4", "swift-srgan", {}, 128, 128));
  races.push_back(NetworkRace("srgan x4", "srgan", {}, 128, 128));
  races.push_back(NetworkRace("cyclegan, 9 blocks", "cyclegan", {{"n_blocks", 9}}, 256, 256));
  if (full) {
    races.push_back(NetworkRace("cyclegan, 9 blocks", "cyclegan", {{"n_blocks", 9}}, 1024, 1024));
  }
  races.push_back(NetworkRace("pix2pix, 8 halvings", "pix2pix", {{"num_downs", 8}}, 256, 256));
  races.push_back(NetworkRace("animegan2", "animegan2", {}, 256, 256));
  const auto sample = [&](std::string_view family, const ModelSizes& sizes, int64_t count) {
    races.push_back(SampleRace(fmt::format("{} sample", family), family, sizes, count));
  };
  sample("dcgan", {{"size", 28}, {"channels", 1}, {"latent", 128}}, 64);
  sample("dcgan", {{"size", 64}}, 64);
  sample("resnet-gan", {{"size", 32}}, 64);
  sample("r3gan", {{"size", 32}}, 64);
  sample("stylegan2", {{"size", 256}}, 1);
  if (full) sample("stylegan2", {{"size", 512}}, 1);
  return races;
}

}  // namespace gan::core::bench
