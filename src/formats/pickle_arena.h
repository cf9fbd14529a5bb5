// Makes the nodes of a Pickle and counts the memory they take.
#ifndef GAN_FORMATS_PICKLE_ARENA_H_
#define GAN_FORMATS_PICKLE_ARENA_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "formats/pickle.h"

namespace gan::core {

// Where a text stands in the bytes of the pickle, both below 2^31.
struct PickleText {
  uint32_t offset = 0;
  uint32_t size = 0;
};

// None, truth values and small integers are the same node each time, so that an opcode of one byte
// does not cost a node.
class PickleArena {
 public:
  PickleArena();

  uint64_t MemoryUsed() const;  // bytes of nodes, cells and decoded text

  NodeId None() const { return 0; }
  NodeId Bool(bool value) const { return value ? 2 : 1; }
  NodeId Int(int64_t value);
  NodeId Float(double value);
  NodeId Text(NodeKind kind, PickleText text);  // kString, kBytes or kBigInt
  NodeId DecodedText(std::string_view text);    // kString, copied
  NodeId Make(NodeKind kind, std::span<const NodeId> children);
  NodeId Make(NodeKind kind, std::initializer_list<NodeId> children) {
    return Make(kind, std::span(children.begin(), children.size()));
  }

  void Append(NodeId parent, NodeId child);
  void AppendAll(NodeId parent, NodeId other);  // the children of `other`; not parent itself
  void ReplaceChild(NodeId parent, size_t index, NodeId child);

  const Pickle& pickle() const { return pickle_; }
  std::vector<std::byte>& bytes() { return pickle_.bytes_; }  // what texts point into
  Pickle Take(NodeId root, uint64_t end);

 private:
  NodeId Add(NodeKind kind, uint64_t payload);

  Pickle pickle_;
  std::array<NodeId, 256> small_ints_{};  // 0 stands for not made yet
};

}  // namespace gan::core

#endif  // GAN_FORMATS_PICKLE_ARENA_H_
