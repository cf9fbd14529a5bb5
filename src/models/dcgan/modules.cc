#include "models/dcgan/modules.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

namespace gan::core {
namespace {

constexpr std::string_view kProjection = "projection";  // a discriminator's, of classes
constexpr size_t kMostDigits = 6;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "main.10.block.2" -> {10, 2}, "deconv1_2_bn" -> {1, 2}. Empty unless a number stands in the first
// part or the second.
std::vector<int64_t> NumbersIn(std::string_view module) {
  std::vector<int64_t> numbers;
  size_t part = 0;
  for (size_t at = 0; at < module.size();) {
    if (module[at] == '.') ++part;
    if (!IsDigit(module[at])) {
      ++at;
      continue;
    }
    if (part > 1 && numbers.empty()) return {};
    size_t end = at;
    while (end < module.size() && IsDigit(module[end])) ++end;
    if (end - at > kMostDigits) return {};
    int64_t number = 0;
    std::from_chars(module.data() + at, module.data() + end, number);
    numbers.push_back(number);
    at = end;
  }
  return numbers;
}

std::string_view HeadOf(std::string_view name) { return name.substr(0, name.find('.')); }

bool IsNorm(const StateDict& dict, const DcganModule& module) {
  return module.weight.rank() == 1 && dict.Find(module.name + ".running_mean") != nullptr;
}

bool IsEmbedding(const DcganModule& module) {
  return module.weight.rank() == 2 && !module.bias && module.name.find("emb") != std::string::npos;
}

// A norm that belongs to the linear layer by its name: "proj.1" of "proj.0", "fc_bn" of "fc".
bool IsNormOf(const DcganModule& norm, const DcganModule& linear,
              const std::set<std::string_view>& heads_of_convolutions) {
  const std::string_view head = HeadOf(linear.name);
  return !heads_of_convolutions.contains(head) && HeadOf(norm.name).starts_with(head);
}

std::optional<std::vector<DcganModule>> AllModules(const StateDict& dict) {
  std::set<std::string, std::less<>> names;
  for (const auto& [name, tensor] : dict.tensors) {
    const size_t dot = name.rfind('.');
    if (dot == std::string::npos) return std::nullopt;
    names.insert(name.substr(0, dot));
  }
  std::vector<DcganModule> modules;
  for (const std::string& name : names) {
    if (name == kProjection) continue;
    const Tensor* weight = dict.Find(name + ".weight");
    if (weight == nullptr || weight->shape().elements() == 0) return std::nullopt;
    modules.push_back(
        {name, NumbersIn(name), weight->shape(), dict.Find(name + ".bias") != nullptr});
  }
  return modules;
}

}  // namespace

std::string_view DcganModule::Container() const {
  const size_t dot = name.rfind('.');
  return dot == std::string::npos ? std::string_view() : std::string_view(name).substr(0, dot);
}

std::optional<int64_t> DcganModule::Index() const {
  const size_t dot = name.rfind('.');
  const std::string_view last =
      std::string_view(name).substr(dot == std::string::npos ? 0 : dot + 1);
  if (place.empty() || !std::ranges::all_of(last, IsDigit)) return std::nullopt;
  return place.back();
}

std::optional<DcganModules> ModulesOf(const StateDict& dict) {
  const auto all = AllModules(dict);
  if (!all) return std::nullopt;
  DcganModules out;
  std::set<std::string_view> heads;
  for (const DcganModule& module : *all) {
    if (module.weight.rank() == 4) heads.insert(HeadOf(module.name));
    if (module.weight.rank() != 2) continue;
    if (!IsEmbedding(module)) {
      out.linears.push_back(module);
    } else if (out.embedding.has_value()) {
      return std::nullopt;
    } else {
      out.embedding = module;
    }
  }
  // By the numbers, a norm behind the layer of its number.
  std::map<std::pair<std::vector<int64_t>, bool>, const DcganModule*> ordered;
  for (const DcganModule& module : *all) {
    if (module.weight.rank() == 2) continue;
    const bool norm = IsNorm(dict, module);
    if (!norm && module.weight.rank() != 4) return std::nullopt;
    if (norm && out.linears.size() == 1 && IsNormOf(module, out.linears[0], heads)) {
      if (out.first_norm) return std::nullopt;
      out.first_norm = module;
      continue;
    }
    if (module.place.empty() || !ordered.emplace(std::pair(module.place, norm), &module).second) {
      return std::nullopt;
    }
  }
  for (const auto& [key, module] : ordered) {
    if (!key.second) {
      out.convolutions.push_back({*module, std::nullopt});
      continue;
    }
    std::optional<DcganModule>& norm =
        out.convolutions.empty() ? out.first_norm : out.convolutions.back().norm;
    if (norm.has_value()) return std::nullopt;
    norm = *module;
  }
  return out;
}

}  // namespace gan::core
