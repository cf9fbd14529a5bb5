#include "models/cyclegan/layout.h"

#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "cyclegan";
constexpr size_t kMaxDowns = 6;

// The number at the start of a name; nothing when there is none.
std::optional<int64_t> NumberOf(std::string_view name) {
  const std::string_view digits = name.substr(0, name.find('.'));
  int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  if (!whole || digits.size() > 4 || number < 0) return std::nullopt;
  return number;
}

// The modules of one nn.Sequential by number: what they are, as far as their tensors tell.
struct Numbered {
  std::map<int64_t, Shape> convolutions;  // by their weights
  std::map<int64_t, std::string> blocks;  // "conv_block" or "block"
  std::map<int64_t, Shape> filters;       // "filt"
};

bool IsBlock(std::string_view part) { return part == "conv_block" || part == "block"; }

Numbered NumberedModules(const StateDict& dict) {
  Numbered out;
  for (const auto& [name, tensor] : dict.tensors) {
    const auto number = NumberOf(name);
    if (!number) return {};
    const std::string_view rest = std::string_view(name).substr(name.find('.') + 1);
    const std::string_view part = rest.substr(0, rest.find('.'));
    if (IsBlock(part) && part != rest) {
      out.blocks.emplace(*number, part);
    } else if (rest == "filt") {
      out.filters.emplace(*number, tensor.shape());
    } else if (rest == "weight" && tensor.shape().rank() == 4) {
      out.convolutions.emplace(*number, tensor.shape());
    }
  }
  return out;
}

// akanametov/cyclegan, where modules have names.
bool IsNamed(const StateDict& dict) {
  return dict.HasPrefix("DownStage.block0.conv.") && dict.HasPrefix("ResStage.block0.") &&
         dict.HasPrefix("UpStage.block0.");
}

class NumberedReader {
 public:
  NumberedReader(const StateDict& dict, const Numbered& modules)
      : dict_(dict),
        modules_(modules),
        first_(modules.convolutions.begin()->first),
        last_(modules.convolutions.rbegin()->first) {}

  CycleGanLayout Read() {
    CycleGanNetwork& net = layout_.network;
    net.head = Layer(first_, false);
    net.inputs = modules_.convolutions.at(first_)[1];
    channels_ = net.head.outputs;
    for (const auto& [at, shape] : modules_.convolutions) {
      if (at != first_ && at < modules_.blocks.begin()->first) net.downs.push_back(DownAt(at));
    }
    for (const auto& [at, part] : modules_.blocks) {
      net.blocks.push_back(BlockAt(fmt::format("{}.{}.", at, part)));
    }
    for (const auto& [at, shape] : modules_.convolutions) {
      if (at != last_ && at > modules_.blocks.rbegin()->first) net.ups.push_back(UpAt(at, shape));
    }
    net.tail = Layer(last_, false);
    net.tail.norm = FollowingNorm::kNone;
    layout_.spelling = modules_.blocks.begin()->second == "block"
                           ? "a sequence of numbered modules and \"block\""
                           : "the official implementation";
    return std::move(layout_);
  }

 private:
  TranslatorLayer Layer(int64_t at, bool transposed) const {
    return ReadTranslatorLayer(kName, dict_, fmt::format("{}", at), fmt::format("{}", at + 1),
                               transposed);
  }

  void TakeFilter(int64_t at, CycleGanStep& step) const {
    const Shape& shape = modules_.filters.at(at);
    step.sampling = Sampling::kFiltered;
    step.filter = fmt::format("{}.filt", at);
    if (shape.rank() != 4 || shape[2] != shape[3] || shape[2] < 1 || shape[2] > 16) {
      Fail(ErrorCode::kBadData, kName, "\"{}{}\" wants [C, 1, k, k] with k from 1 to 16, got {}",
           Printable(dict_.prefix), step.filter, shape.ToString());
    }
    step.filter_size = shape[2];
  }

  // convolution, norm, ReLU and perhaps a filter
  CycleGanStep DownAt(int64_t at) {
    CycleGanStep step{.layer = Layer(at, false)};
    if (modules_.filters.contains(at + 3)) TakeFilter(at + 3, step);
    channels_ = step.layer.outputs;
    return step;
  }

  // perhaps a filter, or an enlargement and perhaps a border, then the convolution
  CycleGanStep UpAt(int64_t at, const Shape& shape) {
    CycleGanStep step;
    const bool transposed = shape[0] == channels_ && shape[1] != channels_;
    step.layer = Layer(at, transposed);
    if (modules_.filters.contains(at - 1)) {
      TakeFilter(at - 1, step);
    } else if (!transposed) {
      step.sampling = BehindBorder(at) ? Sampling::kBilinear : Sampling::kNearest;
      layout_.assumed = step.sampling == Sampling::kBilinear
                            ? "bilinear enlargement before convolutions"
                            : "nearest enlargement before convolutions";
    }
    channels_ = step.layer.outputs;
    return step;
  }

  // A block, or norm and ReLU, then the enlargement; is there one more module?
  bool BehindBorder(int64_t at) const {
    const auto before = modules_.convolutions.lower_bound(at);
    int64_t previous = modules_.blocks.rbegin()->first;
    if (before != modules_.convolutions.begin()) {
      const int64_t convolution = std::prev(before)->first;
      if (convolution > previous) previous = convolution + 2;
    }
    return at - previous > 2;
  }

  // Two convolutions with borders, norms, a ReLU and perhaps dropout between them.
  std::pair<TranslatorLayer, TranslatorLayer> BlockAt(const std::string& head) {
    std::vector<int64_t> places;
    const int64_t last = LastIndex(dict_, head);
    for (int64_t i = 0; i <= std::min<int64_t>(last, 16); ++i) {
      const Tensor* weight = dict_.Find(fmt::format("{}{}.weight", head, i));
      if (weight != nullptr && weight->shape().rank() == 4) places.push_back(i);
    }
    if (places.size() != 2) {
      Fail(ErrorCode::kBadData, kName, "\"{}{}\" wants two convolutions, got {}",
           Printable(dict_.prefix), Printable(head), places.size());
    }
    layout_.network.reflect_blocks = places[0] > 0;
    // Between them stand norm, ReLU and perhaps a border; with one module more, dropout.
    layout_.network.dropout = places[1] - places[0] == (places[0] > 0 ? 5 : 4);
    const auto layer = [&](int64_t i) {
      return ReadTranslatorLayer(kName, dict_, fmt::format("{}{}", head, i),
                                 fmt::format("{}{}", head, i + 1), false);
    };
    return {layer(places[0]), layer(places[1])};
  }

  const StateDict& dict_;
  const Numbered& modules_;
  int64_t first_;
  int64_t last_;
  int64_t channels_ = 0;
  CycleGanLayout layout_;
};

CycleGanLayout ReadNamed(const StateDict& dict) {
  CycleGanLayout layout{.spelling = "akanametov/cyclegan"};
  CycleGanNetwork& net = layout.network;
  const auto layer = [&](const std::string& module, std::string_view convolution) {
    return ReadTranslatorLayer(kName, dict, fmt::format("{}.{}", module, convolution),
                               module + ".insnorm", convolution == "upconv");
  };
  const auto each = [&](const char* stage, const auto& read) {
    const int64_t count = LastIndex(dict, fmt::format("{}.block", stage)) + 1;
    for (int64_t i = 0; i < count; ++i) read(fmt::format("{}.block{}", stage, i));
  };
  net.reflect_downs = true;
  net.head = ReadTranslatorLayer(kName, dict, "Input", "Input.norm", false);
  net.head.norm = FollowingNorm::kNone;
  net.inputs = dict.Require(kName, "Input.weight", 4).shape()[1];
  each("DownStage",
       [&](const std::string& at) { net.downs.push_back({.layer = layer(at, "conv")}); });
  each("ResStage", [&](const std::string& at) {
    net.blocks.emplace_back(layer(at + ".conv_in_relu", "conv"), layer(at + ".conv_in", "conv"));
  });
  each("UpStage",
       [&](const std::string& at) { net.ups.push_back({.layer = layer(at, "upconv")}); });
  net.tail = layer("Output", "conv");
  net.tail.norm = FollowingNorm::kNone;
  return layout;
}

}  // namespace

std::string AgainstCycleGan(const StateDict& dict) {
  if (IsNamed(dict)) return "";
  const Numbered modules = NumberedModules(dict);
  if (modules.blocks.empty() || modules.convolutions.size() < 2 ||
      modules.convolutions.begin()->first > modules.blocks.begin()->first ||
      modules.convolutions.rbegin()->first < modules.blocks.rbegin()->first) {
    return "has no residual blocks between convolutions (\"model.1.weight\", "
           "\"model.10.conv_block.1.weight\"... \"model.26.weight\")";
  }
  return "";
}

CycleGanLayout ReadCycleGan(const StateDict& dict) {
  CycleGanLayout layout =
      IsNamed(dict) ? ReadNamed(dict) : NumberedReader(dict, NumberedModules(dict)).Read();
  const CycleGanNetwork& net = layout.network;
  if (net.downs.size() != net.ups.size() || net.downs.size() > kMaxDowns) {
    Fail(ErrorCode::kBadData, kName,
         "halves the picture {} times and doubles it {} times; wants as many, at most {}",
         net.downs.size(), net.ups.size(), kMaxDowns);
  }
  return layout;
}

CycleGanNetwork CycleGanOf(const CycleGanSizes& sizes) {
  int64_t at = 1;  // behind the border of the first convolution
  const bool filtered = sizes.sampling == Sampling::kFiltered;
  const auto layer = [&](const std::string& head, int64_t index, int64_t outputs) {
    return TranslatorLayer{.name = fmt::format("{}{}", head, index),
                           .outputs = outputs,
                           .bias = sizes.norm != FollowingNorm::kBatch,
                           .norm = sizes.norm,
                           .norm_name = fmt::format("{}{}", head, index + 1)};
  };
  const auto filter = [&](CycleGanStep& step, int64_t index, int64_t size) {
    step.sampling = Sampling::kFiltered;
    step.filter = fmt::format("{}.filt", index);
    step.filter_size = size;
  };
  CycleGanNetwork net{.inputs = sizes.inputs,
                      .head = layer("", at, sizes.features),
                      .reflect_blocks = sizes.reflect_blocks,
                      .dropout = sizes.dropout};
  net.head.kernel = 7;
  at += 3;
  for (int64_t i = 1; i <= sizes.downs; ++i, at += 3) {
    CycleGanStep step{.layer = layer("", at, sizes.features << i)};
    if (filtered) filter(step, at + 3, 3);
    at += filtered ? 1 : 0;
    net.downs.push_back(std::move(step));
  }
  const int64_t widest = sizes.features << sizes.downs;
  for (int64_t i = 0; i < sizes.blocks; ++i, ++at) {
    const std::string head = fmt::format("{}.conv_block.", at);
    const int64_t border = sizes.reflect_blocks ? 1 : 0;
    net.blocks.emplace_back(layer(head, border, widest),
                            layer(head, 2 * border + 3 + (sizes.dropout ? 1 : 0), widest));
  }
  for (int64_t i = sizes.downs - 1; i >= 0; --i, at += 3) {
    CycleGanStep step{.sampling = sizes.sampling};
    if (filtered) filter(step, at, 4);
    at += filtered || sizes.sampling == Sampling::kNearest ? 1 : 0;
    at += sizes.sampling == Sampling::kBilinear ? 2 : 0;
    step.layer = layer("", at, sizes.features << i);
    net.ups.push_back(std::move(step));
  }
  net.tail = layer("", at + 1, sizes.outputs);
  net.tail.kernel = 7;
  net.tail.bias = true;
  net.tail.norm = FollowingNorm::kNone;
  return net;
}

}  // namespace gan::core
