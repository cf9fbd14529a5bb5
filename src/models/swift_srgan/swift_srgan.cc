#include "models/swift_srgan/swift_srgan.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "models/swift_srgan/network.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "swift-srgan";

constexpr std::array kSizes = {
    SizeSpec{"channels", 3, 1, 16},
    SizeSpec{"features", 64, 1, 512},
    SizeSpec{"blocks", 16, 1, 128},
    SizeSpec{"scale", 4, 1, 16},
};

Model Describe(const SwiftSrganSizes& sizes) {
  Model model;
  model.family = kName;
  model.description = fmt::format("Swift-SRGAN x{}: {} separable residual blocks, {} features",
                                  int64_t{1} << sizes.doublings, sizes.blocks, sizes.features);
  const auto fact = [&](std::string name, int64_t value) {
    model.facts.push_back({std::move(name), fmt::format("{}", value)});
  };
  fact("scale", int64_t{1} << sizes.doublings);
  fact("channels", sizes.channels);
  fact("features", sizes.features);
  fact("blocks", sizes.blocks);
  model.graph = SwiftSrganGraph(sizes);
  return model;
}

std::string Against(const StateDict& dict) {
  if (dict.HasPrefix("initial.cnn.depthwise.") && dict.HasPrefix("residual.0.block1.") &&
      dict.HasPrefix("final_conv.depthwise.")) {
    return "";
  }
  return "has no separable residual blocks (\"initial.cnn.depthwise.weight\", "
         "\"residual.0.block1.cnn.depthwise.weight\"...)";
}

// Every block is made with an activation, and the second of each pair leaves it out.
StateDict WithoutUnusedSlopes(const StateDict& dict) {
  StateDict out = dict;
  std::erase_if(out.tensors, [](const auto& entry) {
    return entry.first.ends_with(".block2.act.weight") || entry.first == "convblock.act.weight";
  });
  return out;
}

Model Detect(const StateDict& given) {
  const StateDict dict = WithoutUnusedSlopes(given);
  const Shape& head = dict.Require(kName, "initial.cnn.pointwise.weight", 4).shape();
  const SwiftSrganSizes sizes{.channels = head[1],
                              .features = head[0],
                              .blocks = LastIndex(dict, "residual.") + 1,
                              .doublings = LastIndex(dict, "upsampler.") + 1};
  // A block has 13 tensors: names alone must not make a large graph.
  if (sizes.blocks * 13 > static_cast<int64_t>(dict.tensors.size()) || sizes.doublings > 4) {
    Fail(ErrorCode::kBadData, kName,
         "the names promise {} blocks and {} doublings, the checkpoint has {} tensors: cut short?",
         sizes.blocks, sizes.doublings, dict.tensors.size());
  }
  Model model = Describe(sizes);
  model.parameters = TakeParameters(kName, model.graph, dict,
                                    [](std::string_view name) { return std::string(name); });
  return model;
}

Model Build(const ModelSizes& sizes) {
  const auto size = [&](std::string_view name) { return sizes.find(name)->second; };
  SwiftSrganSizes network{.channels = size("channels"),
                          .features = size("features"),
                          .blocks = size("blocks"),
                          .doublings = 0};
  while ((int64_t{1} << network.doublings) < size("scale")) ++network.doublings;
  if ((int64_t{1} << network.doublings) != size("scale")) {
    Fail(ErrorCode::kUsage, kName, "wants a scale that is a power of two, got {}", size("scale"));
  }
  return Describe(network);
}

}  // namespace

const Family kSwiftSrgan = {kName, "Swift-SRGAN generator", kSizes, Against, Detect, Build};

}  // namespace gan::core
