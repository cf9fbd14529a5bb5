// Python pickles as inert data. Nothing is imported, looked up or called: a global is two strings,
// a call is a node that holds the callable and its arguments.
#ifndef GAN_FORMATS_PICKLE_H_
#define GAN_FORMATS_PICKLE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/byte_source.h"
#include "formats/limits.h"

namespace gan::core {

using NodeId = uint32_t;

enum class NodeKind : uint8_t {
  kNone,
  kBool,
  kInt,
  kBigInt,  // past 64 bits: its little-endian bytes, or its decimal text from protocols 0 and 1
  kFloat,
  kString,  // UTF-8 as claimed by the pickle, or the bytes of a Python 2 str: not checked
  kBytes,
  kTuple,
  kList,
  kDict,        // children: key, value, key, value; a repeated key stands twice
  kSet,         // also frozenset
  kGlobal,      // children: module, name
  kPersistent,  // child: the id, which means something to who wrote the file
  kObject,      // children: callable, arguments, items (kNone, kList or kDict), then states
};

// A graph of nodes: they are shared as they were in Python, and may form cycles. OrderedDict,
// defaultdict, set, frozenset and torch.Size are dicts, sets and tuples here; what else was called
// is a kObject. Ids are valid for one Pickle only. Destruction does not recurse.
class Pickle {
 public:
  class ChildIterator;
  class ChildRange;

  NodeId root() const { return root_; }
  size_t size() const { return nodes_.size(); }  // ids are 0 to size() - 1
  uint64_t end() const { return end_; }          // byte of the source after the pickle

  NodeKind kind(NodeId id) const { return nodes_[id].kind; }
  bool Is(NodeId id, NodeKind kind) const { return nodes_[id].kind == kind; }

  int64_t Int(NodeId id) const;            // requires kInt or kBool
  double Float(NodeId id) const;           // requires kFloat
  std::string_view Text(NodeId id) const;  // requires kString, kBytes or kBigInt; lives as this

  // Zero for kinds without children. Child() takes time proportional to `index`.
  size_t ChildCount(NodeId id) const { return nodes_[id].children; }
  ChildRange Children(NodeId id) const;
  NodeId Child(NodeId id, size_t index) const;

  bool IsGlobal(NodeId id, std::string_view module, std::string_view name) const;
  // "torch.optim.adam.Adam" of a kGlobal, of a kObject its callable's; printable, shortened.
  std::string GlobalName(NodeId id) const;

 private:
  friend class PickleArena;

  // In the payload of a text: it stands among the decoded ones, not in the bytes.
  static constexpr uint64_t kDecodedText = uint64_t{1} << 63;

  // Payload: an integer, the bits of a double, or where text stands.
  struct Node {
    NodeKind kind = NodeKind::kNone;
    uint32_t children = 0;
    uint32_t first = 0;  // cells, when there are children
    uint32_t last = 0;
    uint64_t payload = 0;
  };
  struct Cell {
    NodeId node = 0;
    uint32_t next = 0;
  };

  std::vector<std::byte> bytes_;  // the pickle itself, which text points into
  std::string decoded_;           // text that had escapes
  std::deque<Node> nodes_;        // deques: growing never needs twice the memory
  std::deque<Cell> cells_;
  NodeId root_ = 0;
  uint64_t end_ = 0;
};

class Pickle::ChildIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = NodeId;
  using difference_type = std::ptrdiff_t;
  using pointer = const NodeId*;
  using reference = NodeId;

  NodeId operator*() const { return pickle_->cells_[cell_].node; }
  ChildIterator& operator++() {
    // The last cell has no next; what `cell_` is then does not matter.
    if (--left_ != 0) cell_ = pickle_->cells_[cell_].next;
    return *this;
  }
  bool operator==(const ChildIterator& other) const { return left_ == other.left_; }
  bool operator!=(const ChildIterator& other) const { return left_ != other.left_; }
  size_t left() const { return left_; }  // children from here to the end

 private:
  friend class Pickle;
  ChildIterator(const Pickle* pickle, uint32_t cell, size_t left)
      : pickle_(pickle), cell_(cell), left_(left) {}

  const Pickle* pickle_;
  uint32_t cell_;
  size_t left_;
};

class Pickle::ChildRange {
 public:
  ChildRange(ChildIterator begin, ChildIterator end) : begin_(begin), end_(end) {}
  ChildIterator begin() const { return begin_; }
  ChildIterator end() const { return end_; }

 private:
  ChildIterator begin_, end_;
};

// Reads the pickle, protocol 0 to 5, that begins at byte `offset`, to its STOP and not further.
// Memory is linear in its opcodes and bounded by `limits`; no recursion.
//
// Error kBadData: not a pickle, cut short, an operand of the wrong kind, past the limits.
Pickle ReadPickle(const ByteSource& source, uint64_t offset, const Limits& limits);

}  // namespace gan::core

#endif  // GAN_FORMATS_PICKLE_H_
