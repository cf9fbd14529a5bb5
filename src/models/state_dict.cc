#include "models/state_dict.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

using namespace std::string_view_literals;

// Names that only wrap. Moving averages first, since they make the better pictures; then what names
// a generator; then what names nothing.
constexpr std::array kWrappers = {
    "params_ema"sv,
    "g_ema"sv,
    "G_ema"sv,
    "netG_ema"sv,
    "net_g_ema"sv,
    "generator_ema"sv,
    "model_ema"sv,
    "ema_model"sv,
    "ema"sv,
    "params"sv,
    "generator"sv,
    "generator_state_dict"sv,
    "netG"sv,
    "net_g"sv,
    "gen"sv,
    "G"sv,
    "g"sv,
    "state_dict"sv,
    "model_state_dict"sv,
    "weights"sv,
    "network"sv,
    "net"sv,
    "model"sv,
    "module"sv,
    "_orig_mod"sv,
};

// What training leaves beside a generator.
constexpr std::array kJunk = {
    "optim"sv,
    "optimizer"sv,
    "optimizers"sv,
    "optimizer_state_dict"sv,
    "optimizer_g"sv,
    "optimizer_d"sv,
    "optimizer_G"sv,
    "optimizer_D"sv,
    "g_optim"sv,
    "d_optim"sv,
    "scheduler"sv,
    "schedulers"sv,
    "lr_schedulers"sv,
    "discriminator"sv,
    "netD"sv,
    "net_d"sv,
    "D"sv,
    "d"sv,
};

// Wrappers in wrappers; no real file has more than three.
constexpr int kMaxDepth = 8;

using Group = std::vector<std::pair<std::string_view, const Tensor*>>;  // names without the prefix

using Beside = std::map<std::string, Tensor, std::less<>>;

// A matrix of a module that is no part of a wrapper or of what training leaves: "embed.weight",
// "proj.0.weight".
bool IsLooseMatrix(std::string_view name, const Tensor& tensor) {
  const std::string_view head = name.substr(0, name.find('.'));
  const std::string_view rest = name.substr(head.size());
  return tensor.shape().rank() == 2 && (rest == ".weight" || rest == ".0.weight") &&
         std::ranges::count(kJunk, head) == 0 && std::ranges::count(kWrappers, head) == 0;
}

ModuleTree Below(const ModuleTree& modules, const std::string& prefix) {
  ModuleTree out;
  for (auto it = modules.lower_bound(prefix); it != modules.end(); ++it) {
    if (!it->first.starts_with(prefix)) break;
    out.emplace(it->first.substr(prefix.size()), it->second);
  }
  return out;
}

void Collect(const std::string& prefix, const Group& group, int depth, const Beside& beside,
             const ModuleTree& modules, std::vector<StateDict>& out) {
  std::map<std::string_view, Group> parts;
  Beside alone;
  for (const auto& [name, tensor] : group) {
    const size_t dot = name.find('.');
    if (dot != std::string_view::npos) {
      parts[name.substr(0, dot)].emplace_back(name.substr(dot + 1), tensor);
    }
    if (IsFloating(tensor->dtype()) && (dot == name.npos || IsLooseMatrix(name, *tensor))) {
      alone.emplace(name, *tensor);
    }
  }
  if (depth < kMaxDepth) {
    for (const std::string_view wrapper : kWrappers) {
      const auto part = parts.find(wrapper);
      if (part == parts.end()) continue;
      Collect(fmt::format("{}{}.", prefix, wrapper), part->second, depth + 1, alone, modules, out);
    }
  }
  StateDict dict{prefix, {}, Below(modules, prefix), beside};
  for (const auto& [name, tensor] : group) {
    const std::string_view head = name.substr(0, name.find('.'));
    if (!IsFloating(tensor->dtype()) || std::ranges::count(kJunk, head) != 0) continue;
    dict.tensors.emplace(name, *tensor);
  }
  if (!dict.tensors.empty()) out.push_back(std::move(dict));
}

}  // namespace

const Tensor* StateDict::Find(std::string_view name) const {
  const auto found = tensors.find(name);
  return found == tensors.end() ? nullptr : &found->second;
}

const Tensor& StateDict::Require(std::string_view family, std::string_view name,
                                 size_t rank) const {
  const Tensor* tensor = Find(name);
  if (tensor == nullptr) {
    Fail(ErrorCode::kBadData, family, "wants \"{}{}\", which the checkpoint lacks",
         Printable(prefix), Printable(name));
  }
  if (tensor->shape().rank() != rank || tensor->shape().elements() == 0) {
    Fail(ErrorCode::kBadData, family, "\"{}{}\" wants {} sizes above 0, got {}", Printable(prefix),
         Printable(name), rank, tensor->shape().ToString());
  }
  return *tensor;
}

bool StateDict::HasPrefix(std::string_view start) const {
  const auto found = tensors.lower_bound(start);
  return found != tensors.end() && std::string_view(found->first).starts_with(start);
}

std::vector<StateDict> FindStateDicts(const NamedTensors& tensors, const ModuleTree& modules) {
  Group all;
  for (const auto& [name, tensor] : tensors) all.emplace_back(name, &tensor);
  std::vector<StateDict> out;
  Collect("", all, 0, {}, modules, out);
  return out;
}

int64_t LastIndex(const StateDict& dict, std::string_view prefix) {
  int64_t last = -1;
  for (auto it = dict.tensors.lower_bound(prefix);
       it != dict.tensors.end() && std::string_view(it->first).starts_with(prefix); ++it) {
    const std::string_view rest = std::string_view(it->first).substr(prefix.size());
    const std::string_view digits = rest.substr(0, rest.find('.'));
    int64_t index = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    const bool number = error == std::errc() && end == digits.data() + digits.size();
    if (number && digits.size() <= 6 && index >= 0) last = std::max(last, index);
  }
  return last;
}

NamedTensors TakeParameters(std::string_view family, const Graph& graph, const StateDict& dict,
                            const std::function<std::string(std::string_view)>& name_in_file) {
  NamedTensors out;
  std::set<std::string, std::less<>> taken;
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter) continue;
    const std::string name = name_in_file(value.name);
    const Tensor* tensor = dict.Find(name);
    if (tensor == nullptr) {
      Fail(ErrorCode::kBadData, family, "wants \"{}{}\" {}, which the checkpoint lacks",
           Printable(dict.prefix), Printable(name), ToString(value.shape));
    }
    if (tensor->shape() != Evaluate(value.shape, {})) {
      Fail(ErrorCode::kBadData, family, "\"{}{}\" wants {}, got {}", Printable(dict.prefix),
           Printable(name), ToString(value.shape), tensor->shape().ToString());
    }
    taken.insert(name);
    out.Add(value.name, tensor->ToFloat());
  }
  for (const auto& [name, tensor] : dict.tensors) {
    if (taken.contains(name)) continue;
    Fail(ErrorCode::kBadData, family,
         "has no place for \"{}{}\" {}, one of {} tensors left over: another variant of this "
         "network?",
         Printable(dict.prefix), Printable(name), tensor.shape().ToString(),
         dict.tensors.size() - taken.size());
  }
  return out;
}

}  // namespace gan::core
