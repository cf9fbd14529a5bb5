#include "formats/pickle_arena.h"

#include <bit>
#include <utility>

#include "base/error.h"

namespace gan::core {

PickleArena::PickleArena() {
  Add(NodeKind::kNone, 0);
  Add(NodeKind::kBool, 0);
  Add(NodeKind::kBool, 1);
}

uint64_t PickleArena::MemoryUsed() const {
  return pickle_.nodes_.size() * sizeof(Pickle::Node) +
         pickle_.cells_.size() * sizeof(Pickle::Cell) + pickle_.decoded_.size();
}

NodeId PickleArena::Add(NodeKind kind, uint64_t payload) {
  pickle_.nodes_.push_back({kind, 0, 0, 0, payload});
  return static_cast<NodeId>(pickle_.nodes_.size() - 1);
}

NodeId PickleArena::Int(int64_t value) {
  const auto payload = static_cast<uint64_t>(value);
  if (payload >= small_ints_.size()) return Add(NodeKind::kInt, payload);
  NodeId& known = small_ints_[payload];
  if (known == 0) known = Add(NodeKind::kInt, payload);
  return known;
}

NodeId PickleArena::Float(double value) {
  return Add(NodeKind::kFloat, std::bit_cast<uint64_t>(value));
}

NodeId PickleArena::Text(NodeKind kind, PickleText text) {
  return Add(kind, uint64_t{text.offset} << 32 | text.size);
}

NodeId PickleArena::DecodedText(std::string_view text) {
  const uint64_t offset = pickle_.decoded_.size();
  pickle_.decoded_ += text;
  return Add(NodeKind::kString, Pickle::kDecodedText | offset << 32 | text.size());
}

NodeId PickleArena::Make(NodeKind kind, std::span<const NodeId> children) {
  const NodeId id = Add(kind, 0);
  for (const NodeId child : children) Append(id, child);
  return id;
}

void PickleArena::Append(NodeId parent, NodeId child) {
  const auto cell = static_cast<uint32_t>(pickle_.cells_.size());
  pickle_.cells_.push_back({child, 0});
  Pickle::Node& node = pickle_.nodes_[parent];
  if (node.children == 0) {
    node.first = cell;
  } else {
    pickle_.cells_[node.last].next = cell;
  }
  node.last = cell;
  ++node.children;
}

void PickleArena::AppendAll(NodeId parent, NodeId other) {
  GAN_ASSERT(parent != other);
  for (const NodeId child : pickle_.Children(other)) Append(parent, child);
}

void PickleArena::ReplaceChild(NodeId parent, size_t index, NodeId child) {
  GAN_ASSERT(index < pickle_.ChildCount(parent));
  uint32_t cell = pickle_.nodes_[parent].first;
  for (; index != 0; --index) cell = pickle_.cells_[cell].next;
  pickle_.cells_[cell].node = child;
}

Pickle PickleArena::Take(NodeId root, uint64_t end) {
  pickle_.root_ = root;
  pickle_.end_ = end;
  return std::move(pickle_);
}

}  // namespace gan::core
