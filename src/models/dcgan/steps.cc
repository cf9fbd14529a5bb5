#include "models/dcgan/steps.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr int64_t kMostSide = 4096;

// What an odd kernel of k may do: keep a size n, make 2 n of it, or 2 n - 1.
enum class Odd { kKeep, kDouble, kDoubleLessOne };

void SetOdd(DcganLayer& layer, Odd odd) {
  layer.stride = odd == Odd::kKeep ? 1 : 2;
  layer.padding = layer.kernel / 2;
  layer.output_padding = odd == Odd::kDouble ? 1 : 0;
}

// Of each of `count` odd layers, in their order.
using Convention = std::vector<Odd>;

// The commonest first. Layers that keep the size stand between even ones that double; where all are
// odd one of them may keep it: the first, as in TensorFlow's tutorial, or the one that ends.
std::vector<Convention> Conventions(size_t count, bool even_ones) {
  std::vector<Convention> out;
  if (even_ones) out.emplace_back(count, Odd::kKeep);
  out.emplace_back(count, Odd::kDouble);
  out.emplace_back(count, Odd::kDoubleLessOne);
  for (const size_t kept : {size_t{0}, count - 1}) {
    Convention one(count, Odd::kDouble);
    one[kept] = Odd::kKeep;
    out.push_back(std::move(one));
  }
  return out;
}

bool IsUsualSide(int64_t side) {
  const auto bits = static_cast<uint64_t>(side);
  if (side == 28 || (side >= 16 && std::has_single_bit(bits))) return true;
  return side >= 48 && side % 3 == 0 && std::has_single_bit(bits / 3);
}

// 0 where some layer makes nothing, or too much.
int64_t SideThrough(const DcganGenerator& generator) {
  int64_t side = generator.stem ? generator.stem->side : 1;
  for (const DcganLayer& layer : generator.layers) {
    side = SideAfter(layer, side);
    if (side < 1 || side > kMostSide) return 0;
  }
  return side;
}

// A generator that a course made popular doubles by odd kernels: 1, 3, 6, 13, 28 pixels.
bool IsCourseLayout(const DcganGenerator& generator) {
  constexpr std::array kKernels = {3, 4, 3, 4};
  return !generator.stem && std::ranges::equal(generator.layers, kKernels, {}, &DcganLayer::kernel);
}

// The attribute of each layer's module.
bool TakeFromModules(const ModuleTree& modules, DcganGenerator& generator) {
  std::vector<DcganLayer> layers = generator.layers;
  for (DcganLayer& layer : layers) {
    const auto found = modules.find(layer.name);
    if (found == modules.end()) return false;
    const auto take = [&](std::string_view attribute, int64_t low, int64_t& to) {
      const auto number = found->second.Number(attribute);
      if (!number || !(*number >= static_cast<double>(low) && *number <= 1024)) return false;
      to = static_cast<int64_t>(*number);
      return true;
    };
    if (!take("stride", 1, layer.stride) || !take("padding", 0, layer.padding)) return false;
    if (!take("output_padding", 0, layer.output_padding)) layer.output_padding = 0;
    if (layer.plain) layer.output_padding = 0;
  }
  generator.layers = std::move(layers);
  return true;
}

std::string StridesText(const DcganGenerator& generator) {
  std::string text;
  for (const DcganLayer& layer : generator.layers) {
    text += fmt::format("{}{}", text.empty() ? "" : " ", layer.doubled ? 2 : layer.stride);
  }
  return text;
}

// Plain convolutions keep the size: pixels are enlarged before.
void SetKnown(DcganGenerator& generator, std::vector<DcganLayer*>& odd, bool& even_ones) {
  for (size_t i = 0; i < generator.layers.size(); ++i) {
    DcganLayer& layer = generator.layers[i];
    layer.output_padding = 0;
    if (layer.plain) {
      layer.stride = 1, layer.padding = layer.kernel / 2;
    } else if (i == 0 && !generator.stem) {
      layer.stride = 1, layer.padding = 0;
    } else if (layer.kernel % 2 == 0) {
      layer.stride = 2, layer.padding = layer.kernel / 2 - 1;
      even_ones = true;
    } else {
      odd.push_back(&layer);
    }
  }
}

[[noreturn]] void FailUnusual(const DcganLayer& layer, const std::vector<int64_t>& sides) {
  std::string list;
  for (const int64_t side : sides) list += fmt::format("{}{}", list.empty() ? "" : ", ", side);
  Fail(
      ErrorCode::kBadData, "dcgan",
      "\"{}.weight\" has a kernel of {}, which does not tell its stride, and no usual one leads to "
      "pictures of a usual side (sides would be {}); a whole pickled module, or ONNX, says it",
      Printable(layer.name), layer.kernel, list.empty() ? "none" : list);
}

}  // namespace

std::string InferSteps(const ModuleTree& modules, DcganGenerator& generator) {
  if (TakeFromModules(modules, generator)) return StridesText(generator) + " (the file says so)";
  if (IsCourseLayout(generator)) {
    for (DcganLayer& layer : generator.layers) layer.stride = 2, layer.padding = 0;
    generator.layers[1].stride = 1;
    return StridesText(generator) + " (assumed: a course's layout for 28 pixels)";
  }
  std::vector<DcganLayer*> odd;
  bool even_ones = false;
  SetKnown(generator, odd, even_ones);
  if (generator.layers[0].plain) {
    return StridesText(generator) +
           " (assumed: pixels are enlarged where numbers leave room for it)";
  }
  if (odd.empty()) return StridesText(generator) + " (assumed: even kernels double)";

  const bool grey = generator.layers.back().channels == 1;
  std::vector<int64_t> sides;
  std::optional<Convention> chosen;
  for (const Convention& convention : Conventions(odd.size(), even_ones)) {
    for (size_t i = 0; i < odd.size(); ++i) SetOdd(*odd[i], convention[i]);
    const int64_t side = SideThrough(generator);
    if (side > 0 && std::ranges::count(sides, side) == 0) sides.push_back(side);
    if (side == 0 || !IsUsualSide(side)) continue;
    if (grey && side == 28) {
      chosen = convention;
      break;
    }
    if (!chosen) chosen = convention;
  }
  if (!chosen) FailUnusual(*odd[0], sides);
  for (size_t i = 0; i < odd.size(); ++i) SetOdd(*odd[i], (*chosen)[i]);
  const int64_t side = SideThrough(generator);
  std::string others;
  for (const int64_t other : sides) {
    if (other != side) others += fmt::format("{}{}", others.empty() ? "" : ", ", other);
  }
  return fmt::format("{} (assumed for {} pixels a side; odd kernels could also mean {})",
                     StridesText(generator), side, others.empty() ? "nothing else" : others);
}

}  // namespace gan::core
