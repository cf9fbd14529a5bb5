#include "models/srgan/srgan.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "models/srgan/layout.h"
#include "models/srgan/network.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "srgan";

constexpr std::array kSizes = {
    SizeSpec{"channels", 3, 1, 4}, SizeSpec{"features", 64, 5, 512}, SizeSpec{"blocks", 16, 1, 128},
    SizeSpec{"scale", 4, 2, 16},   SizeSpec{"kernel", 9, 1, 15},     SizeSpec{"norm", 1, 0, 1},
    SizeSpec{"slopes", 1, 0, 2},  // none, one a PReLU, one a channel
    SizeSpec{"modified", 0, 0, 1},
};

std::string ActivationOf(const SrganConvolution& layer, float slope) {
  if (!layer.slope.empty()) return layer.slopes == 1 ? "PReLU" : "PReLU, a slope a channel";
  return slope == 0 ? "ReLU" : fmt::format("LeakyReLU {}", slope);
}

std::string_view NameOf(SrganValues values) {
  switch (values) {
    case SrganValues::kUnit: return "[0, 1]";
    case SrganValues::kSigned: return "[-1, 1]";
    case SrganValues::kImageNet: return "ImageNet's mean and deviation";
  }
  GAN_ASSERT(false);
  return "";
}

// What no tensor tells, in words.
std::string Assumed(const SrganNetwork& network) {
  const SrganHabits& habits = network.habits;
  std::string text = fmt::format("pictures in {} in, {} in {} out", NameOf(habits.in),
                                 habits.tanh ? "tanh" : "plain numbers", NameOf(habits.out));
  const SrganConvolution& inner = network.blocks.front().first;
  if (inner.slope.empty())
    text += fmt::format(", {} in blocks", ActivationOf(inner, habits.block_slope));
  if (network.first.slope.empty()) {
    text += fmt::format(", {} outside", ActivationOf(network.first, habits.slope));
  }
  if (habits.base) text += ", added to the picture enlarged bilinearly";
  return fmt::format(
      "{}, as {} (the file does not say)", text,
      habits.spelling.empty() ? "the paper has it" : "the authors of its names have it");
}

Model Describe(const SrganNetwork& network) {
  const SrganConvolution& inner = network.blocks.front().first;
  const std::string_view norm = inner.norm.empty() ? "no" : "batch";
  Model model;
  model.family = kName;
  model.description = fmt::format("{} x{}: {} residual blocks, {} features, {} norm",
                                  network.habits.base ? "MSRResNet" : "SRGAN", ScaleOf(network),
                                  network.blocks.size(), network.first.outputs, norm);
  const auto fact = [&](std::string name, int64_t value) {
    model.facts.push_back({std::move(name), fmt::format("{}", value)});
  };
  fact("scale", ScaleOf(network));
  fact("channels", network.inputs);
  fact("features", network.first.outputs);
  fact("blocks", static_cast<int64_t>(network.blocks.size()));
  fact("kernel", network.first.kernel);
  model.facts.push_back({"norm", std::string(norm)});
  model.facts.push_back({"activation", ActivationOf(inner, network.habits.block_slope)});
  model.facts.push_back({"assumed", Assumed(network)});
  model.graph = SrganGraph(network);
  return model;
}

Model Detect(const StateDict& given) {
  const StateDict dict = WithoutUnusedSlopes(given);
  const SrganNetwork network = ReadSrgan(dict);
  Model model = Describe(network);
  model.parameters = TakeParameters(kName, model.graph, dict,
                                    [](std::string_view name) { return std::string(name); });
  if (!network.habits.spelling.empty()) {
    model.facts.push_back({"tensor names", std::string(network.habits.spelling)});
  }
  return model;
}

Model Build(const ModelSizes& sizes) {
  const auto size = [&](std::string_view name) { return sizes.find(name)->second; };
  const int64_t scale = size("scale");
  const bool modified = size("modified") != 0;
  if ((scale & (scale - 1)) != 0 && scale != 3) {
    Fail(ErrorCode::kUsage, kName, "wants a scale that is 3 or a power of two, got {}", scale);
  }
  if (size("kernel") % 2 == 0) {
    Fail(ErrorCode::kUsage, kName, "wants an odd kernel, got {}", size("kernel"));
  }
  SrganNetwork network = SrganOf({.channels = size("channels"),
                                  .features = size("features"),
                                  .blocks = size("blocks"),
                                  .scale = scale,
                                  .kernel = size("kernel"),
                                  .norm = size("norm") != 0,
                                  .slopes = size("slopes") < 2 ? size("slopes") : size("features"),
                                  .modified = modified});
  network.habits.out = SrganValues::kUnit;
  network.habits.tanh = false;
  if (modified) network.habits.slope = 0.1f, network.habits.base = true;
  return Describe(network);
}

}  // namespace

const Family kSrgan = {kName, "SRGAN generator", kSizes, AgainstSrgan, Detect, Build};

}  // namespace gan::core
