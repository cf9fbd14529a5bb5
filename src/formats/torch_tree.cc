#include "formats/torch_tree.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "formats/tensor_names.h"
#include "formats/torch_module.h"

namespace gan::core {
namespace {

constexpr size_t kFirstState = 3;  // child of a kObject

// For each node, whether a tensor or a storage can be reached from it. Goes backwards along the
// edges, so that cycles are nothing special and the time is linear.
std::vector<bool> ReachesTensor(const Pickle& pickle) {
  std::vector<uint32_t> begin(pickle.size() + 1);
  for (NodeId id = 0; id < pickle.size(); ++id) {
    for (const NodeId child : pickle.Children(id)) ++begin[child];
  }
  uint32_t sum = 0;
  for (uint32_t& entry : begin) sum += std::exchange(entry, sum);
  std::vector<NodeId> parents(sum);
  for (NodeId id = 0; id < pickle.size(); ++id) {
    for (const NodeId child : pickle.Children(id)) parents[begin[child]++] = id;
  }
  // begin[x] now is where the parents of x end.
  std::vector<bool> out(pickle.size());
  std::vector<NodeId> open;
  const auto reach = [&](NodeId id) {
    if (!out[id]) open.push_back(id);
    out[id] = true;
  };
  for (NodeId id = 0; id < pickle.size(); ++id) {
    if (IsTorchTensor(pickle, id) || IsTorchStorage(pickle, id)) reach(id);
  }
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    for (uint32_t i = id == 0 ? 0 : begin[id - 1]; i < begin[id]; ++i) reach(parents[i]);
  }
  return out;
}

class Collector {
 public:
  Collector(std::string_view where, const Pickle& pickle, bool script, const Limits& limits,
            TorchTensorMaker& maker, Checkpoint& out)
      : where_(where),
        pickle_(pickle),
        script_(script),
        limits_(limits),
        maker_(maker),
        out_(out),
        reaches_(ReachesTensor(pickle)) {}

  void Run() {
    Visit(pickle_.root());
    while (!frames_.empty()) Step();
  }

  void ListOpaque() {
    std::set<std::string> seen;
    for (NodeId id = 0; id < pickle_.size(); ++id) {
      if (!pickle_.Is(id, NodeKind::kObject) || reaches_[id]) continue;
      ++out_.opaque_objects;
      if (seen.size() >= limits_.opaque_names) continue;
      std::string name = pickle_.GlobalName(id);
      if (seen.insert(name).second) out_.opaque.push_back(std::move(name));
    }
  }

 private:
  // A container whose children are being visited; the path up to it is the first bytes of path_.
  struct Frame {
    NodeId node;
    Pickle::ChildIterator next;
    size_t path_bytes;
    NodeId left_out = 0;  // a set of keys of the dict that are passed over
    size_t index = 0;
  };

  void Step() {
    Frame& frame = frames_.back();
    path_.resize(frame.path_bytes);
    if (frame.next == pickle_.Children(frame.node).end()) {
      frames_.pop_back();
      return;
    }
    // Shared containers are visited once for each name that leads to them.
    CountSteps(1);
    NodeId child = *frame.next;
    ++frame.next;
    std::string key;
    if (pickle_.Is(frame.node, NodeKind::kDict)) {
      const NodeId key_node = child;
      child = *frame.next;
      ++frame.next;
      if (!reaches_[child] || IsLeftOut(frame.left_out, key_node)) return;
      key = KeyText(key_node);
    } else if (!pickle_.Is(frame.node, NodeKind::kObject)) {
      key = fmt::format("{}", frame.index++);
    }
    if (!reaches_[child]) return;
    Extend(key);
    Visit(child);
  }

  // Sets are short where they are honest; steps bound the work where they are not.
  bool IsLeftOut(NodeId set, NodeId key) {
    if (!pickle_.Is(set, NodeKind::kSet) || !pickle_.Is(key, NodeKind::kString)) return false;
    for (const NodeId name : pickle_.Children(set)) {
      CountSteps(1);
      if (pickle_.Is(name, NodeKind::kString) && pickle_.Text(name) == pickle_.Text(key)) {
        return true;
      }
    }
    return false;
  }

  void CountSteps(size_t count) {
    steps_ += count;
    if (steps_ > limits_.pickle_opcodes) {
      Fail(ErrorCode::kBadData, where_, "holds containers that hold each other too often");
    }
  }

  std::string KeyText(NodeId key) const {
    if (pickle_.Is(key, NodeKind::kInt)) return fmt::format("{}", pickle_.Int(key));
    if (!pickle_.Is(key, NodeKind::kString)) {
      Fail(ErrorCode::kBadData, where_,
           "holds a tensor in \"{}\" under a key that is neither text nor a whole number",
           Printable(path_));
    }
    const std::string_view text = pickle_.Text(key);
    // One byte over the limit is as wrong as a million.
    return std::string(text.substr(0, limits_.name_bytes + 1));
  }

  void Extend(const std::string& key) {
    if (!path_.empty() && !key.empty()) path_ += '.';
    path_ += key;
    if (path_.size() > limits_.name_bytes) CheckTensorName(where_, path_, limits_);
  }

  // Requires that the node reaches a tensor, or is the root.
  void Visit(NodeId node) {
    if (!reaches_[node] || pickle_.Is(node, NodeKind::kPersistent)) return;
    if (IsTorchTensor(pickle_, node)) {
      Tensor tensor = maker_.Make(ParseTorchTensor(where_, pickle_, node, limits_));
      AddTensor(where_, limits_, path_, std::move(tensor), out_.tensors);
      return;
    }
    if (pickle_.Is(node, NodeKind::kObject) && !script_) return OpenModule(node);
    size_t skipped = pickle_.Is(node, NodeKind::kObject) ? kFirstState : 0;
    Pickle::ChildIterator first = pickle_.Children(node).begin();
    for (; skipped > 0 && first.left() != 0; --skipped) ++first;
    Open(node, first);
  }

  void Open(NodeId node, Pickle::ChildIterator first, NodeId left_out = 0) {
    const bool open = std::any_of(frames_.begin(), frames_.end(),
                                  [&](const Frame& frame) { return frame.node == node; });
    if (open) return;  // a cycle
    if (frames_.size() >= limits_.depth) {
      Fail(ErrorCode::kBadData, where_, "nests deeper than {} at \"{}\"", limits_.depth,
           Printable(path_));
    }
    frames_.push_back({node, first, path_.size(), left_out});
  }

  // Its parameters, buffers and modules, in the order of state_dict(): the last opened is first.
  void OpenModule(NodeId node) {
    const auto [known, fresh] = modules_.try_emplace(node);
    if (fresh) {
      known->second = AsTorchModule(pickle_, node);
      if (known->second) {
        CountSteps(known->second->items);  // objects may share what is looked through
        out_.modules.try_emplace(path_, FactsOf(pickle_, *known->second, limits_));
      }
    }
    if (!known->second) RefuseObject(node);
    const TorchModule& module = *known->second;
    OpenPart(module.modules);
    OpenPart(module.buffers, module.not_saved);
    OpenPart(module.parameters);
  }

  void OpenPart(NodeId dict, NodeId left_out = 0) {
    if (pickle_.Is(dict, NodeKind::kDict) && reaches_[dict]) {
      Open(dict, pickle_.Children(dict).begin(), left_out);
    }
  }

  [[noreturn]] void RefuseObject(NodeId node) const {
    Fail(ErrorCode::kBadData, where_,
         "holds its tensors{} in a Python object, {}, that is no module; wants a state_dict",
         path_.empty() ? "" : fmt::format(" at \"{}\"", Printable(path_)),
         pickle_.GlobalName(node));
  }

  std::string_view where_;
  const Pickle& pickle_;
  const bool script_;
  const Limits& limits_;
  TorchTensorMaker& maker_;
  Checkpoint& out_;
  const std::vector<bool> reaches_;
  std::vector<Frame> frames_;
  std::string path_;
  size_t steps_ = 0;
  std::unordered_map<NodeId, std::optional<TorchModule>> modules_;  // each looked at once
};

}  // namespace

void CollectTorchTensors(std::string_view where, const Pickle& pickle, bool script,
                         const Limits& limits, TorchTensorMaker& maker, Checkpoint& out) {
  Collector collector(where, pickle, script, limits, maker, out);
  collector.ListOpaque();
  collector.Run();
}

}  // namespace gan::core
