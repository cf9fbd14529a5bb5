#include "models/esrgan/esrgan.h"

#include <array>
#include <map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "models/esrgan/network.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "esrgan";

constexpr std::array kSizes = {
    SizeSpec{"num_in_ch", 3, 1, 64},     SizeSpec{"num_out_ch", 3, 1, 64},
    SizeSpec{"scale", 4, 1, 16},         SizeSpec{"num_feat", 64, 1, 1024},
    SizeSpec{"num_grow_ch", 32, 1, 512}, SizeSpec{"num_block", 23, 1, 200},
    SizeSpec{"unshuffle", 1, 1, 4},
};

// How one of the official implementations spells the tensors.
struct Layout {
  std::string_view spelling;  // for people
  std::string_view block;     // "body." in "body.3.rdb1.conv2"
  std::string_view dense;     // "rdb"
  std::string_view leaf;      // ".0" in "model.1.sub.3.RDB1.conv2.0"
  // Modules outside the blocks, from our name to the file's.
  std::map<std::string, std::string, std::less<>> modules;
  int64_t blocks = 0;
  int64_t doublings = 0;
};

// True when some tensor is part of a dense block "<block>N.<dense>K...".
bool HasDenseBlocks(const StateDict& dict, std::string_view block, std::string_view dense) {
  const int64_t last = LastIndex(dict, block);
  // The last entry of the first release's list is the closing convolution, hence one less.
  return dict.HasPrefix(fmt::format("{}{}.{}", block, last, dense)) ||
         dict.HasPrefix(fmt::format("{}{}.{}", block, last - 1, dense));
}

// ESRGAN's second release and BasicSR name every module.
Layout NamedLayout(const StateDict& dict, Layout layout, std::string_view up) {
  layout.blocks = LastIndex(dict, layout.block) + 1;
  layout.doublings = std::max<int64_t>(LastIndex(dict, up), 0);
  for (int64_t i = 1; i <= layout.doublings; ++i) {
    layout.modules.emplace(fmt::format("conv_up{}", i), fmt::format("{}{}", up, i));
  }
  return layout;
}

// The first release numbers them: model.0, model.1.sub.N, then doublings, conv_hr and conv_last,
// with gaps where the modules between have no parameters.
Layout NumberedLayout(const StateDict& dict) {
  Layout layout{"ESRGAN's first release", "model.1.sub.", "RDB", ".0", {}};
  layout.blocks = LastIndex(dict, layout.block);
  layout.modules = {{"conv_first", "model.0"},
                    {"conv_body", fmt::format("model.1.sub.{}", layout.blocks)}};
  std::vector<std::string> tail;
  const int64_t last = LastIndex(dict, "model.");
  for (int64_t i = 2; i <= last; ++i) {
    std::string module = fmt::format("model.{}", i);
    if (dict.Find(module + ".weight") != nullptr) tail.push_back(std::move(module));
  }
  if (tail.size() < 2) {
    Fail(ErrorCode::kBadData, kName,
         "wants at least two convolutions after \"{}model.1\", the checkpoint has {}: cut short?",
         Printable(dict.prefix), tail.size());
  }
  layout.doublings = static_cast<int64_t>(tail.size()) - 2;
  for (int64_t i = 0; i < layout.doublings; ++i) {
    layout.modules.emplace(fmt::format("conv_up{}", i + 1), tail[static_cast<size_t>(i)]);
  }
  layout.modules.emplace("conv_hr", tail[tail.size() - 2]);
  layout.modules.emplace("conv_last", tail.back());
  return layout;
}

Layout LayoutOf(const StateDict& dict) {
  if (HasDenseBlocks(dict, "body.", "rdb")) {
    return NamedLayout(dict,
                       {"BasicSR",
                        "body.",
                        "rdb",
                        "",
                        {{"conv_first", "conv_first"},
                         {"conv_body", "conv_body"},
                         {"conv_hr", "conv_hr"},
                         {"conv_last", "conv_last"}}},
                       "conv_up");
  }
  if (HasDenseBlocks(dict, "RRDB_trunk.", "RDB")) {
    return NamedLayout(dict,
                       {"ESRGAN's second release",
                        "RRDB_trunk.",
                        "RDB",
                        "",
                        {{"conv_first", "conv_first"},
                         {"conv_body", "trunk_conv"},
                         {"conv_hr", "HRconv"},
                         {"conv_last", "conv_last"}}},
                       "upconv");
  }
  return NumberedLayout(dict);
}

std::string Against(const StateDict& dict) {
  for (const auto& [block, dense] :
       {std::pair{"body.", "rdb"}, {"RRDB_trunk.", "RDB"}, {"model.1.sub.", "RDB"}}) {
    if (HasDenseBlocks(dict, block, dense)) return "";
  }
  return "has no residual dense blocks (\"body.0.rdb1...\", \"RRDB_trunk.0.RDB1...\" or "
         "\"model.1.sub.0.RDB1...\")";
}

// "body.3.rdb1.conv2.weight" -> "RRDB_trunk.3.RDB1.conv2.weight"
std::string NameInFile(const Layout& layout, std::string_view name) {
  const size_t dot = name.rfind('.');
  const std::string_view module = name.substr(0, dot);
  const std::string_view kind = name.substr(dot);
  if (!module.starts_with("body.")) {
    return fmt::format("{}{}", layout.modules.find(module)->second, kind);
  }
  const size_t dense = module.find(".rdb");
  return fmt::format("{}{}.{}{}{}{}", layout.block, module.substr(5, dense - 5), layout.dense,
                     module.substr(dense + 4), layout.leaf, kind);
}

// Both Real-ESRGAN models with folded inputs fold as many colours as they give.
int64_t UnshuffleOf(int64_t inputs, int64_t outputs) {
  for (const int64_t factor : {2, 4}) {
    if (inputs == outputs * factor * factor) return factor;
  }
  return 1;
}

EsrganSizes ReadSizes(const StateDict& dict, const Layout& layout) {
  const auto shape = [&](std::string_view name) {
    return dict.Require(kName, NameInFile(layout, name), 4).shape();
  };
  // A block has 30 tensors: names alone must not make a large graph.
  if (layout.blocks * 30 > static_cast<int64_t>(dict.tensors.size()) || layout.doublings > 4) {
    Fail(ErrorCode::kBadData, kName,
         "the names promise {} blocks and {} doublings, the checkpoint has {} tensors: cut short?",
         layout.blocks, layout.doublings, dict.tensors.size());
  }
  EsrganSizes sizes;
  const int64_t inputs = shape("conv_first.weight")[1];
  sizes.out_channels = shape("conv_last.weight")[0];
  sizes.unshuffle = UnshuffleOf(inputs, sizes.out_channels);
  sizes.in_channels = inputs / (sizes.unshuffle * sizes.unshuffle);
  sizes.features = shape("conv_first.weight")[0];
  sizes.growth = shape("body.0.rdb1.conv1.weight")[0];
  sizes.blocks = layout.blocks;
  sizes.doublings = layout.doublings;
  return sizes;
}

std::string ScaleOf(const EsrganSizes& sizes) {
  const int64_t up = int64_t{1} << sizes.doublings;
  return up % sizes.unshuffle == 0 ? fmt::format("{}", up / sizes.unshuffle)
                                   : fmt::format("{}/{}", up, sizes.unshuffle);
}

Model Describe(const EsrganSizes& sizes) {
  Model model;
  model.family = kName;
  model.description = fmt::format("ESRGAN x{}: {} RRDB blocks, {} features, growth {}",
                                  ScaleOf(sizes), sizes.blocks, sizes.features, sizes.growth);
  const auto fact = [&](std::string name, int64_t value) {
    model.facts.push_back({std::move(name), fmt::format("{}", value)});
  };
  model.facts.push_back({"scale", ScaleOf(sizes)});
  fact("num_in_ch", sizes.in_channels);
  fact("num_out_ch", sizes.out_channels);
  fact("num_feat", sizes.features);
  fact("num_grow_ch", sizes.growth);
  fact("num_block", sizes.blocks);
  fact("unshuffle", sizes.unshuffle);
  model.graph = EsrganGraph(sizes);
  return model;
}

Model Detect(const StateDict& dict) {
  const Layout layout = LayoutOf(dict);
  Model model = Describe(ReadSizes(dict, layout));
  model.parameters = TakeParameters(
      kName, model.graph, dict, [&](std::string_view name) { return NameInFile(layout, name); });
  model.facts.push_back({"tensor names", std::string(layout.spelling)});
  return model;
}

Model Build(const ModelSizes& sizes) {
  const auto size = [&](std::string_view name) { return sizes.find(name)->second; };
  const int64_t up = size("scale") * size("unshuffle");
  EsrganSizes network{.in_channels = size("num_in_ch"),
                      .out_channels = size("num_out_ch"),
                      .features = size("num_feat"),
                      .growth = size("num_grow_ch"),
                      .blocks = size("num_block"),
                      .doublings = 0,
                      .unshuffle = size("unshuffle")};
  while ((int64_t{1} << network.doublings) < up) ++network.doublings;
  if ((int64_t{1} << network.doublings) != up || network.unshuffle == 3) {
    Fail(ErrorCode::kUsage, kName, "wants scale and unshuffle to be powers of two, got {} and {}",
         size("scale"), network.unshuffle);
  }
  return Describe(network);
}

}  // namespace

const Family kEsrgan = {kName, "ESRGAN generator", kSizes, Against, Detect, Build};

}  // namespace gan::core
