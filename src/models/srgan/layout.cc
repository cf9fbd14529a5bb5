#include "models/srgan/layout.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "models/srgan/habits.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "srgan";
constexpr int64_t kMaxScale = 16;
constexpr int64_t kMostColours = 16;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Numbers by value, all else by letter: "model.8" before "model.10", in the order of the modules.
struct InOrder {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const {
    // What both begin with does not count, but for digits that more digits may follow.
    size_t same = static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    while (same > 0 && IsDigit(a[same - 1])) --same;
    a.remove_prefix(same), b.remove_prefix(same);
    while (!a.empty() && !b.empty()) {
      if (IsDigit(a.front()) && IsDigit(b.front())) {
        const size_t ends[] = {std::min(a.find_first_not_of("0123456789"), a.size()),
                               std::min(b.find_first_not_of("0123456789"), b.size())};
        const std::string_view x = a.substr(0, ends[0]), y = b.substr(0, ends[1]);
        if (x.size() != y.size()) return x.size() < y.size();
        if (x != y) return x < y;
        a.remove_prefix(ends[0]), b.remove_prefix(ends[1]);
      } else {
        if (a.front() != b.front()) return a.front() < b.front();
        a.remove_prefix(1), b.remove_prefix(1);
      }
    }
    return a.size() < b.size();
  }
};

using Modules = std::map<std::string, Shape, InOrder>;  // by the shape of "<name>.weight"

// Everything with a weight, by what the tensors say it is.
struct Parts {
  Modules convolutions, norms, slopes;
};

Parts PartsOf(const StateDict& dict) {
  constexpr std::string_view kWeight = ".weight";
  Parts parts;
  for (const auto& [name, tensor] : dict.tensors) {
    if (!name.ends_with(kWeight) || tensor.shape().elements() == 0) continue;
    const std::string module = name.substr(0, name.size() - kWeight.size());
    const Shape& shape = tensor.shape();
    if (shape.rank() == 4) {
      parts.convolutions.emplace(module, shape);
    } else if (shape.rank() == 1 && dict.Find(module + ".running_mean") != nullptr) {
      parts.norms.emplace(module, shape);
    } else if (shape.rank() == 1 && dict.Find(module + ".bias") == nullptr) {
      parts.slopes.emplace(module, shape);
    }
  }
  return parts;
}

// The residual blocks: "trunk." and "" for "trunk.0.rcb.0", "block" for "block2.conv1".
struct Blocks {
  std::string head;
  std::map<int64_t, std::vector<std::string>> convolutions;  // by the block's number, two each
  int64_t features = 0;
};

// Calls visit(head, number) for each part of the name that ends in a number and is not the last;
// for the first of them, where there are more than any network has.
template <class Visit>
void ForEachNumber(std::string_view name, const Visit& visit) {
  int left = 8;
  for (size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    size_t begin = dot;
    while (begin > 0 && IsDigit(name[begin - 1])) --begin;
    int64_t number = 0;
    if (begin == dot || dot - begin > 6) continue;
    std::from_chars(name.data() + begin, name.data() + dot, number);
    visit(name.substr(0, begin), number);
    if (--left == 0) return;
  }
}

// Whether a convolution keeps the features: whole, or each channel by itself.
bool KeepsFeatures(const Shape& weight, int64_t features) {
  return weight[0] == features && (weight[1] == features || weight[1] == 1);
}

// The parts of one number: two convolutions where it is a block.
struct Member {
  const Modules::value_type* first = nullptr;
  const Modules::value_type* second = nullptr;
  bool more = false;
};

void Add(Member& member, const Modules::value_type& convolution) {
  if (member.first == nullptr) {
    member.first = &convolution;
  } else if (member.second == nullptr) {
    member.second = &convolution;
  } else {
    member.more = true;
  }
}

// The longest row of numbered parts that hold two convolutions each.
std::optional<Blocks> BlocksOf(const Parts& parts) {
  std::map<std::string_view, std::map<int64_t, Member>> groups;
  for (const auto& convolution : parts.convolutions) {
    ForEachNumber(convolution.first, [&](std::string_view head, int64_t number) {
      Add(groups[head][number], convolution);
    });
  }
  std::optional<Blocks> best;
  for (const auto& [head, members] : groups) {
    Blocks blocks{.head = std::string(head)};
    for (const auto& [number, member] : members) {
      if (member.second == nullptr || member.more) continue;
      if (blocks.features == 0) blocks.features = member.first->second[0];
      if (KeepsFeatures(member.first->second, blocks.features) &&
          KeepsFeatures(member.second->second, blocks.features)) {
        blocks.convolutions[number] = {member.first->first, member.second->first};
      }
    }
    if (blocks.convolutions.empty()) continue;
    if (!best || blocks.convolutions.size() > best->convolutions.size()) best = std::move(blocks);
  }
  return best;
}

// What is outside the blocks, in the order of its names.
struct Outside {
  std::vector<std::string> first, plain, ups, last;
};

Outside OutsideOf(const Parts& parts, const Blocks& blocks) {
  Outside out;
  std::set<std::string_view> inside;
  for (const auto& [number, pair] : blocks.convolutions) inside.insert(pair.begin(), pair.end());
  for (const auto& [name, shape] : parts.convolutions) {
    if (inside.contains(name)) continue;
    if (shape[0] == shape[1]) {
      out.plain.push_back(name);
    } else if (shape[0] < shape[1]) {
      out.last.push_back(name);
    } else if (shape[0] == blocks.features && shape[1] <= kMostColours) {
      out.first.push_back(name);
    } else {
      out.ups.push_back(name);
    }
  }
  return out;
}

// Nearest pixels before a convolution leave no shuffle; only one known network has blocks so named.
bool HasNearest(const StateDict& dict, const Outside& outside) {
  return outside.ups.empty() && outside.plain.size() > 2 &&
         (dict.HasPrefix("1.sub.0.res.") || dict.HasPrefix("model.1.sub.0.res."));
}

std::string_view RootOf(std::string_view name) { return name.substr(0, name.find('.')); }

bool NamesHighResolution(std::string_view name) {
  return RootOf(name).starts_with("HR") || RootOf(name).ends_with("hr");
}

class Reader {
 public:
  explicit Reader(const StateDict& dict)
      : dict_(dict), parts_(PartsOf(dict)), blocks_(*BlocksOf(parts_)) {
    net_.habits = SrganHabitsOf(dict);
  }

  SrganNetwork Read() {
    const Outside outside = OutsideOf(parts_, blocks_);
    GAN_ASSERT(outside.first.size() == 1 && outside.last.size() == 1);
    net_.first = Convolution(outside.first[0]);
    net_.inputs = parts_.convolutions.at(outside.first[0])[1];
    net_.last = Convolution(outside.last[0]);
    for (const auto& [number, pair] : blocks_.convolutions) {
      ReadBlock(fmt::format("{}{}.", blocks_.head, number), pair);
    }
    ReadPlain(outside);
    ReadUps(outside.ups);
    GiveNorms();
    GiveSlopes();
    CheckHabits();
    return std::move(net_);
  }

 private:
  SrganConvolution Convolution(const std::string& name) const {
    const Shape& shape = parts_.convolutions.at(name);
    if (shape[2] != shape[3] || shape[2] % 2 == 0) {
      Fail(ErrorCode::kBadData, kName, "\"{}{}.weight\" wants a square kernel of odd size, got {}",
           Printable(dict_.prefix), Printable(name), shape.ToString());
    }
    return {.name = name,
            .outputs = shape[0],
            .kernel = shape[2],
            .bias = dict_.Find(name + ".bias") != nullptr};
  }

  // Takes the modules whose names begin so away from `from`, where they stand together.
  static std::vector<Modules::value_type> TakeBelow(const std::string& head, Modules& from) {
    std::vector<Modules::value_type> out;
    auto it = from.lower_bound(head);
    while (it != from.end() && it->first.starts_with(head)) {
      out.push_back(*it);
      it = from.erase(it);
    }
    return out;
  }

  void ReadBlock(const std::string& head, const std::vector<std::string>& pair) {
    std::pair block{Convolution(pair[0]), Convolution(pair[1])};
    for (SrganConvolution* layer : {&block.first, &block.second}) {
      if (parts_.convolutions.at(layer->name)[1] == 1) layer->groups = layer->outputs;
    }
    const auto norms = TakeBelow(head, parts_.norms);
    if (norms.size() == 2) {
      block.first.norm = norms[0].first;
      block.second.norm = norms[1].first;
    } else if (!norms.empty()) {
      Fail(ErrorCode::kBadData, kName, "\"{}{}\" wants a batch norm a convolution or none, got {}",
           Printable(dict_.prefix), Printable(head), norms.size());
    }
    const auto slopes = TakeBelow(head, parts_.slopes);
    if (!slopes.empty()) Give(block.first, slopes.front());
    net_.blocks.push_back(std::move(block));
  }

  // Convolutions that keep the number of channels.
  void ReadPlain(const Outside& outside) {
    std::vector<std::string> plain = outside.plain;
    const bool nearest = HasNearest(dict_, outside);
    if (!plain.empty() && (plain.size() > 1 || NamesHighResolution(plain.back()))) {
      net_.high = Convolution(plain.back());
      plain.pop_back();
    }
    if (!plain.empty()) {
      net_.middle = Convolution(plain.front());
      plain.erase(plain.begin());
    }
    if (!nearest) return;
    for (const std::string& name : plain) {
      net_.ups.push_back({.convolution = Convolution(name), .shuffle = false});
    }
  }

  // Each makes the channels that the next one takes.
  void ReadUps(const std::vector<std::string>& names) {
    for (size_t i = 0; i < names.size(); ++i) {
      const std::string& next =
          i + 1 < names.size() ? names[i + 1] : (net_.high ? net_.high->name : net_.last.name);
      const int64_t channels = parts_.convolutions.at(next)[1];
      SrganUp up{.convolution = Convolution(names[i])};
      while (up.scale < kMaxScale && channels * up.scale * up.scale < up.convolution.outputs) {
        ++up.scale;
      }
      if (channels * up.scale * up.scale != up.convolution.outputs) {
        Fail(ErrorCode::kBadData, kName,
             "\"{}{}.weight\" wants a square number of times the {} channels of \"{}\", got {}",
             Printable(dict_.prefix), Printable(names[i]), channels, Printable(next),
             up.convolution.outputs);
      }
      net_.ups.push_back(std::move(up));
    }
    int64_t scale = 1;
    for (const SrganUp& up : net_.ups) {
      scale *= up.scale;
      if (scale > kMaxScale) {
        Fail(ErrorCode::kBadData, kName, "enlarges more than {} times", kMaxScale);
      }
    }
  }

  // Norms outside the blocks: behind the middle, and in one release behind what enlarges.
  void GiveNorms() {
    for (const auto& norm : parts_.norms) {
      const auto wants = [&](const SrganConvolution& layer) {
        return layer.norm.empty() && layer.outputs == norm.second[0];
      };
      const auto up = std::ranges::find_if(net_.ups, wants, &SrganUp::convolution);
      if (net_.middle && wants(*net_.middle)) {
        net_.middle->norm = norm.first;
      } else if (up != net_.ups.end()) {
        up->convolution.norm = norm.first;
      }
    }
  }

  static void Give(SrganConvolution& layer, const Modules::value_type& slope) {
    layer.slope = slope.first;
    layer.slopes = slope.second[0];
  }

  // PReLUs outside the blocks: those that stand with what enlarges are of that, in its order; the
  // first of the others is of the first convolution.
  void GiveSlopes() {
    size_t up = 0;
    for (const auto& slope : parts_.slopes) {
      const bool within =
          !net_.ups.empty() && RootOf(slope.first) == RootOf(net_.ups[0].convolution.name) &&
          (!net_.first.slope.empty() || RootOf(slope.first) != RootOf(net_.first.name));
      if (!within && net_.first.slope.empty()) {
        Give(net_.first, slope);
      } else if (up < net_.ups.size()) {
        Give(net_.ups[up++].convolution, slope);
      } else if (net_.high && net_.high->slope.empty()) {
        Give(*net_.high, slope);
      }
    }
  }

  void CheckHabits() {
    const SrganHabits& habits = net_.habits;
    const bool measured =
        habits.in == SrganValues::kImageNet || habits.out == SrganValues::kImageNet;
    if (measured && (net_.inputs != 3 || net_.last.outputs != 3)) {
      Fail(ErrorCode::kBadData, kName, "wants colours, as {} has them, got {} channels to {}",
           habits.spelling, net_.inputs, net_.last.outputs);
    }
    if (habits.base && net_.inputs != net_.last.outputs) {
      Fail(ErrorCode::kBadData, kName,
           "wants as many channels in the result as in the picture, to which {} adds it, got {} "
           "and {}",
           habits.spelling, net_.last.outputs, net_.inputs);
    }
  }

  const StateDict& dict_;
  Parts parts_;
  Blocks blocks_;
  SrganNetwork net_;
};

}  // namespace

std::string AgainstSrgan(const StateDict& dict) {
  const Parts parts = PartsOf(dict);
  const std::optional<Blocks> blocks = BlocksOf(parts);
  if (!blocks) return "has no residual blocks of two convolutions (\"trunk.0.rcb.0.weight\"...)";
  const Outside outside = OutsideOf(parts, *blocks);
  if (outside.first.size() != 1 || outside.last.size() != 1) {
    return fmt::format(
        "has {} convolutions from a picture to {} features and {} that lead to less, not one each",
        outside.first.size(), blocks->features, outside.last.size());
  }
  if (outside.ups.empty() && !HasNearest(dict, outside)) {
    return fmt::format(
        "has no convolutions behind its blocks of {} features whose channels become pixels "
        "(\"upsampling.0.upsample_block.0.weight\"...)",
        blocks->features);
  }
  if (parts.norms.empty() && parts.slopes.empty() && SrganHabitsOf(dict).spelling.empty()) {
    return "has blocks without batch norm and PReLU, in names of no known SRResNet";
  }
  return "";
}

SrganNetwork ReadSrgan(const StateDict& dict) { return Reader(dict).Read(); }

StateDict WithoutUnusedSlopes(const StateDict& dict) {
  // Every block is made with an activation, and some leave it out.
  StateDict out = dict;
  if (!dict.HasPrefix("initial.cnn.")) return out;
  std::erase_if(out.tensors, [](const auto& entry) {
    return entry.first.ends_with(".block2.act.weight") || entry.first == "convblock.act.weight";
  });
  return out;
}

}  // namespace gan::core
