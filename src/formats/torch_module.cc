#include "formats/torch_module.h"

#include <array>
#include <string_view>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr size_t kFirstState = 3;  // child of a kObject
constexpr size_t kTupleItems = 4;  // of an attribute that is kept

// The value under `key`, None when there is none. The first of repeated keys counts.
NodeId ValueOf(const Pickle& pickle, NodeId dict, std::string_view key) {
  const Pickle::ChildRange items = pickle.Children(dict);
  for (Pickle::ChildIterator item = items.begin(); item != items.end(); ++item) {
    const NodeId name = *item;
    const NodeId value = *++item;
    if (pickle.Is(name, NodeKind::kString) && pickle.Text(name) == key) return value;
  }
  return 0;
}

NodeId OnlyIf(const Pickle& pickle, NodeId node, NodeKind kind) {
  return pickle.Is(node, kind) ? node : 0;
}

struct Described {
  std::string type;
  NodeId state = 0;
  size_t items = 0;
};

// _reconstruct_persistent_obj({"class_name": ..., "module_src": ..., "state": {...}})
Described PersistentObject(const Pickle& pickle, NodeId object) {
  const NodeId arguments = pickle.Child(object, 1);
  if (pickle.ChildCount(arguments) == 0) return {};
  const NodeId meta = OnlyIf(pickle, pickle.Child(arguments, 0), NodeKind::kDict);
  const NodeId name = ValueOf(pickle, meta, "class_name");
  if (!pickle.Is(name, NodeKind::kString)) return {};
  return {std::string(pickle.Text(name)), ValueOf(pickle, meta, "state"), pickle.ChildCount(meta)};
}

Described Describe(const Pickle& pickle, NodeId object) {
  const NodeId callable = pickle.Child(object, 0);
  if (pickle.IsGlobal(callable, "torch_utils.persistence", "_reconstruct_persistent_obj")) {
    return PersistentObject(pickle, object);
  }
  if (pickle.ChildCount(object) <= kFirstState) return {};
  return {pickle.GlobalName(object), pickle.Child(object, kFirstState)};
}

std::string Shown(std::string_view text, size_t longest) {
  return Printable(text.substr(0, longest));
}

// "" for what is not kept.
std::string PlainText(const Pickle& pickle, NodeId node, size_t longest) {
  switch (pickle.kind(node)) {
    case NodeKind::kBool: return pickle.Int(node) != 0 ? "true" : "false";
    case NodeKind::kInt: return fmt::format("{}", pickle.Int(node));
    case NodeKind::kFloat: return fmt::format("{}", pickle.Float(node));
    case NodeKind::kString: return Shown(pickle.Text(node), longest);
    default: return "";
  }
}

std::string AttributeText(const Pickle& pickle, NodeId node, size_t longest) {
  if (!pickle.Is(node, NodeKind::kTuple)) return PlainText(pickle, node, longest);
  if (pickle.ChildCount(node) > kTupleItems) return "";
  std::string text;
  for (const NodeId item : pickle.Children(node)) {
    const std::string one = PlainText(pickle, item, longest);
    if (one.empty()) return "";
    text += (text.empty() ? "" : ",") + one;
  }
  return text;
}

}  // namespace

std::optional<TorchModule> AsTorchModule(const Pickle& pickle, NodeId object) {
  const Described described = Describe(pickle, object);
  if (!pickle.Is(described.state, NodeKind::kDict)) return std::nullopt;
  TorchModule module{.type = described.type,
                     .state = described.state,
                     .items = described.items + pickle.ChildCount(described.state)};
  constexpr std::array kKeys = {"_parameters", "_buffers", "_modules"};
  const std::array places = {&module.parameters, &module.buffers, &module.modules};
  for (size_t i = 0; i < kKeys.size(); ++i) {
    *places[i] = OnlyIf(pickle, ValueOf(pickle, module.state, kKeys[i]), NodeKind::kDict);
  }
  if (module.parameters == 0 && module.modules == 0) return std::nullopt;
  module.not_saved =
      OnlyIf(pickle, ValueOf(pickle, module.state, "_non_persistent_buffers_set"), NodeKind::kSet);
  return module;
}

ModuleFacts FactsOf(const Pickle& pickle, const TorchModule& module, const Limits& limits) {
  ModuleFacts facts{.type = Shown(module.type, limits.attribute_bytes)};
  const Pickle::ChildRange items = pickle.Children(module.state);
  for (Pickle::ChildIterator item = items.begin(); item != items.end(); ++item) {
    const NodeId name = *item;
    const NodeId value = *++item;
    if (facts.attributes.size() >= limits.attributes) break;
    if (!pickle.Is(name, NodeKind::kString) || pickle.Text(name).starts_with('_')) continue;
    std::string text = AttributeText(pickle, value, limits.attribute_bytes);
    if (text.empty()) continue;
    facts.attributes.emplace(Shown(pickle.Text(name), limits.attribute_bytes), std::move(text));
  }
  return facts;
}

}  // namespace gan::core
