// The machine that runs a pickle's opcodes on nodes instead of Python objects.
#include <algorithm>
#include <charconv>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "formats/pickle.h"
#include "formats/pickle_arena.h"
#include "formats/pickle_input.h"
#include "formats/pickle_opcodes.h"
#include "formats/pickle_text.h"

namespace gan::core {
namespace {

constexpr size_t kItemsOfObject = 2;  // the child of a kObject that holds what was added to it

// Python numbers memo entries from 0 on; a hostile pickle need not.
class Memo {
 public:
  void Put(uint64_t index, NodeId node) {
    if (index < dense_.size()) {
      dense_[index] = node;
    } else if (index == dense_.size()) {
      dense_.push_back(node);
    } else {
      sparse_[index] = node;
    }
  }
  std::optional<NodeId> Get(uint64_t index) const {
    if (index < dense_.size()) return dense_[index];
    const auto found = sparse_.find(index);
    return found == sparse_.end() ? std::nullopt : std::optional(found->second);
  }
  // MEMOIZE gives the number of entries as the next index.
  size_t size() const { return dense_.size() + sparse_.size(); }
  uint64_t MemoryUsed() const { return dense_.size() * sizeof(NodeId) + sparse_.size() * 48; }

 private:
  std::deque<NodeId> dense_;
  std::unordered_map<uint64_t, NodeId> sparse_;
};

}  // namespace

class PickleMachine {
 public:
  PickleMachine(const ByteSource& source, uint64_t offset, const Limits& limits)
      : limits_(limits), in_(source, offset, limits.pickle_bytes, arena_.bytes()) {}

  Pickle Run() {
    for (size_t count = 0;; ++count) {
      if (count == limits_.pickle_opcodes) in_.Broken("has too many opcodes");
      const auto opcode = static_cast<Opcode>(in_.Byte());
      if (opcode == Opcode::kStop) break;
      if (!Structure(opcode) && !Number(opcode) && !Text(opcode) && !Container(opcode) &&
          !Memory(opcode) && !Object(opcode)) {
        in_.Broken(fmt::format("has opcode 0x{:02x}, which is not supported,",
                               static_cast<uint8_t>(opcode)));
      }
      if (arena_.MemoryUsed() + memo_.MemoryUsed() + stack_.size() * sizeof(NodeId) >
          limits_.pickle_memory) {
        in_.Broken("needs too much memory");
      }
    }
    const NodeId root = Pop();
    return arena_.Take(root, in_.position());
  }

 private:
  using Kind = NodeKind;

  // -- The stack. An operand never comes from below the last mark.

  size_t Base() const { return marks_.empty() ? 0 : marks_.back(); }

  void Push(NodeId node) { stack_.push_back(node); }

  NodeId Top() const {
    if (stack_.size() <= Base()) in_.Broken("misses an operand");
    return stack_.back();
  }

  NodeId Pop() {
    const NodeId node = Top();
    stack_.pop_back();
    return node;
  }

  NodeId Pop(Kind kind) {
    const NodeId node = Pop();
    if (arena_.pickle().kind(node) != kind) in_.Broken("has an operand of the wrong kind");
    return node;
  }

  std::vector<NodeId> PopToMark() {
    if (marks_.empty()) in_.Broken("misses a mark");
    std::vector<NodeId> out(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()),
                            stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return out;
  }

  bool Structure(Opcode opcode) {
    switch (opcode) {
      case Opcode::kMark:
        if (marks_.size() >= limits_.depth) in_.Broken("nests too deep");
        marks_.push_back(stack_.size());
        return true;
      case Opcode::kPop:
        // As in Python: with nothing above the mark, POP takes the mark.
        if (!marks_.empty() && stack_.size() == marks_.back()) {
          marks_.pop_back();
        } else {
          Pop();
        }
        return true;
      case Opcode::kPopMark: PopToMark(); return true;
      case Opcode::kDup: Push(Top()); return true;
      case Opcode::kProto:
        if (in_.Byte() > 5) in_.Broken("has a protocol newer than 5");
        return true;
      case Opcode::kFrame:
        if (in_.Little(8) > in_.left()) in_.Broken("has a frame that is cut short");
        return true;
      default: return false;
    }
  }

  // -- Numbers

  NodeId DecimalInt(std::string_view text, PickleText place) {
    if (!IsDecimal(text)) in_.Broken("has a malformed number");
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size()) return arena_.Int(value);
    return arena_.Text(Kind::kBigInt, {place.offset, static_cast<uint32_t>(text.size())});
  }

  NodeId LittleEndianInt(uint64_t bytes) {
    if (bytes > 8) return arena_.Text(Kind::kBigInt, in_.Take(bytes));
    const uint64_t value = in_.Little(bytes);
    if (bytes == 0 || bytes == 8) return arena_.Int(static_cast<int64_t>(value));
    const size_t unused = 64 - 8 * bytes;  // extends the sign
    return arena_.Int(static_cast<int64_t>(value << unused) >> unused);
  }

  NodeId TextInt() {
    const PickleText line = in_.Line();
    const std::string_view text = in_.View(line);
    if (text == "00" || text == "01") return arena_.Bool(text == "01");
    return DecimalInt(text, line);
  }

  NodeId TextLong() {
    const PickleText line = in_.Line();
    std::string_view text = in_.View(line);
    if (text.ends_with('L')) text.remove_suffix(1);
    return DecimalInt(text, line);
  }

  NodeId TextFloat() {
    const std::string_view text = in_.View(in_.Line());
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
      in_.Broken("has a malformed number");
    }
    return arena_.Float(value);
  }

  bool Number(Opcode opcode) {
    switch (opcode) {
      case Opcode::kNone: Push(arena_.None()); return true;
      case Opcode::kNewTrue: Push(arena_.Bool(true)); return true;
      case Opcode::kNewFalse: Push(arena_.Bool(false)); return true;
      case Opcode::kBinInt: Push(LittleEndianInt(4)); return true;
      case Opcode::kBinInt1: Push(arena_.Int(in_.Byte())); return true;
      case Opcode::kBinInt2: Push(arena_.Int(static_cast<int64_t>(in_.Little(2)))); return true;
      case Opcode::kLong1: Push(LittleEndianInt(in_.Byte())); return true;
      case Opcode::kLong4: Push(LittleEndianInt(in_.Little(4))); return true;
      case Opcode::kInt: Push(TextInt()); return true;
      case Opcode::kLong: Push(TextLong()); return true;
      case Opcode::kFloat: Push(TextFloat()); return true;
      case Opcode::kBinFloat: Push(arena_.Float(in_.BigEndianDouble())); return true;
      default: return false;
    }
  }

  // -- Text and bytes

  void PushText(Kind kind, size_t length_bytes) {
    const uint64_t size = in_.Little(length_bytes);
    Push(arena_.Text(kind, in_.Take(size)));
  }

  void PushDecoded(const std::optional<std::string>& text) {
    if (!text) in_.Broken("has malformed text");
    Push(arena_.DecodedText(*text));
  }

  bool Text(Opcode opcode) {
    switch (opcode) {
      case Opcode::kString: PushDecoded(DecodePythonString(in_.View(in_.Line()))); return true;
      case Opcode::kUnicode: PushDecoded(DecodeRawUnicode(in_.View(in_.Line()))); return true;
      case Opcode::kShortBinString:
      case Opcode::kShortBinUnicode: PushText(Kind::kString, 1); return true;
      case Opcode::kBinString:
      case Opcode::kBinUnicode: PushText(Kind::kString, 4); return true;
      case Opcode::kBinUnicode8: PushText(Kind::kString, 8); return true;
      case Opcode::kShortBinBytes: PushText(Kind::kBytes, 1); return true;
      case Opcode::kBinBytes: PushText(Kind::kBytes, 4); return true;
      case Opcode::kBinBytes8:
      case Opcode::kByteArray8: PushText(Kind::kBytes, 8); return true;
      default: return false;
    }
  }

  // -- Containers

  // The node that takes what is added to `target`: itself, or the items of an object, which are
  // made when the first comes.
  NodeId ItemsOf(NodeId target, Kind kind) {
    if (arena_.pickle().Is(target, kind)) return target;
    if (!arena_.pickle().Is(target, Kind::kObject) || kind == Kind::kSet) {
      in_.Broken("adds items to what is no container");
    }
    NodeId items = arena_.pickle().Child(target, kItemsOfObject);
    if (arena_.pickle().Is(items, Kind::kNone)) {
      items = arena_.Make(kind, {});
      arena_.ReplaceChild(target, kItemsOfObject, items);
    }
    if (!arena_.pickle().Is(items, kind)) in_.Broken("adds items of two kinds to one object");
    return items;
  }

  void AddItems(Kind kind, const std::vector<NodeId>& items) {
    if (kind == Kind::kDict && items.size() % 2 != 0) in_.Broken("has a key without a value");
    const NodeId target = ItemsOf(Top(), kind);
    for (const NodeId item : items) arena_.Append(target, item);
  }

  void PushTuple(size_t size) {
    if (stack_.size() - Base() < size) in_.Broken("misses an operand");
    const std::vector<NodeId> items(stack_.end() - static_cast<std::ptrdiff_t>(size), stack_.end());
    stack_.resize(stack_.size() - size);
    Push(arena_.Make(Kind::kTuple, items));
  }

  void PushFromMark(Kind kind) {
    const std::vector<NodeId> items = PopToMark();
    if (kind == Kind::kDict && items.size() % 2 != 0) in_.Broken("has a key without a value");
    Push(arena_.Make(kind, items));
  }

  bool Container(Opcode opcode) {
    switch (opcode) {
      case Opcode::kEmptyTuple: PushTuple(0); return true;
      case Opcode::kTuple1: PushTuple(1); return true;
      case Opcode::kTuple2: PushTuple(2); return true;
      case Opcode::kTuple3: PushTuple(3); return true;
      case Opcode::kTuple: PushFromMark(Kind::kTuple); return true;
      case Opcode::kEmptyList: Push(arena_.Make(Kind::kList, {})); return true;
      case Opcode::kList: PushFromMark(Kind::kList); return true;
      case Opcode::kEmptyDict: Push(arena_.Make(Kind::kDict, {})); return true;
      case Opcode::kDict: PushFromMark(Kind::kDict); return true;
      case Opcode::kEmptySet: Push(arena_.Make(Kind::kSet, {})); return true;
      case Opcode::kFrozenSet: PushFromMark(Kind::kSet); return true;
      case Opcode::kAppend: {
        const NodeId item = Pop();
        AddItems(Kind::kList, {item});
        return true;
      }
      case Opcode::kAppends: AddItems(Kind::kList, PopToMark()); return true;
      case Opcode::kSetItem: {
        const NodeId value = Pop();
        const NodeId key = Pop();
        AddItems(Kind::kDict, {key, value});
        return true;
      }
      case Opcode::kSetItems: AddItems(Kind::kDict, PopToMark()); return true;
      case Opcode::kAddItems: AddItems(Kind::kSet, PopToMark()); return true;
      default: return false;
    }
  }

  // -- The memo

  uint64_t TextIndex() {
    const std::string_view text = in_.View(in_.Line());
    uint64_t index = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (error != std::errc{} || end != text.data() + text.size()) {
      in_.Broken("has a malformed memo index");
    }
    return index;
  }

  void Get(uint64_t index) {
    const std::optional<NodeId> node = memo_.Get(index);
    if (!node) in_.Broken("uses a memo entry that is not there");
    Push(*node);
  }

  bool Memory(Opcode opcode) {
    switch (opcode) {
      case Opcode::kPut: memo_.Put(TextIndex(), Top()); return true;
      case Opcode::kBinPut: memo_.Put(in_.Byte(), Top()); return true;
      case Opcode::kLongBinPut: memo_.Put(in_.Little(4), Top()); return true;
      case Opcode::kMemoize: memo_.Put(memo_.size(), Top()); return true;
      case Opcode::kGet: Get(TextIndex()); return true;
      case Opcode::kBinGet: Get(in_.Byte()); return true;
      case Opcode::kLongBinGet: Get(in_.Little(4)); return true;
      default: return false;
    }
  }

  // -- Objects

  NodeId PopCallable() {
    const NodeId node = Pop();
    const Kind kind = arena_.pickle().kind(node);
    if (kind != Kind::kGlobal && kind != Kind::kObject && kind != Kind::kPersistent) {
      in_.Broken("calls what is no callable");
    }
    return node;
  }

  bool IsBuiltin(NodeId callable, std::string_view name) const {
    const Pickle& pickle = arena_.pickle();
    return pickle.IsGlobal(callable, "builtins", name) ||
           pickle.IsGlobal(callable, "__builtin__", name);
  }

  // Python 2 wrote OrderedDict([[key, value], ...]).
  std::optional<NodeId> DictFromPairs(NodeId list) {
    const Pickle& pickle = arena_.pickle();
    if (!pickle.Is(list, Kind::kList)) return std::nullopt;
    const NodeId dict = arena_.Make(Kind::kDict, {});
    for (const NodeId pair : pickle.Children(list)) {
      const bool fits = pickle.Is(pair, Kind::kList) || pickle.Is(pair, Kind::kTuple);
      if (!fits || pickle.ChildCount(pair) != 2) return std::nullopt;
      arena_.AppendAll(dict, pair);
    }
    return dict;
  }

  // The containers that are pickled as calls; nothing when the call is none of theirs.
  std::optional<NodeId> CallContainer(NodeId callable, NodeId arguments) {
    const Pickle& pickle = arena_.pickle();
    const size_t count = pickle.ChildCount(arguments);
    if (pickle.IsGlobal(callable, "collections", "defaultdict") && count <= 1) {
      return arena_.Make(Kind::kDict, {});
    }
    if (pickle.IsGlobal(callable, "collections", "OrderedDict")) {
      if (count == 0) return arena_.Make(Kind::kDict, {});
      if (count == 1) return DictFromPairs(pickle.Child(arguments, 0));
    }
    if (count != 1) return std::nullopt;
    const NodeId argument = pickle.Child(arguments, 0);
    if (pickle.IsGlobal(callable, "torch", "Size") && pickle.Is(argument, Kind::kTuple)) {
      return argument;
    }
    const bool set = IsBuiltin(callable, "set") || IsBuiltin(callable, "frozenset");
    if (!set || !pickle.Is(argument, Kind::kList)) return std::nullopt;
    const NodeId out = arena_.Make(Kind::kSet, {});
    arena_.AppendAll(out, argument);
    return out;
  }

  void Call(NodeId callable, NodeId arguments) {
    const std::optional<NodeId> container = CallContainer(callable, arguments);
    Push(container ? *container : arena_.Make(Kind::kObject, {callable, arguments, arena_.None()}));
  }

  void Build() {
    const NodeId state = Pop();
    const NodeId target = Top();
    if (arena_.pickle().Is(target, Kind::kObject)) {
      arena_.Append(target, state);
    } else if (!arena_.pickle().Is(target, Kind::kDict) &&
               !arena_.pickle().Is(target, Kind::kSet)) {
      // Attributes of a dict (a state dict's _metadata) are dropped; nothing else can have them.
      in_.Broken("sets attributes on what has none");
    }
  }

  NodeId GlobalFromLines() {
    const NodeId module = arena_.Text(Kind::kString, in_.Line());
    const NodeId name = arena_.Text(Kind::kString, in_.Line());
    return arena_.Make(Kind::kGlobal, {module, name});
  }

  void CallOldStyle(std::optional<NodeId> callable, std::vector<NodeId> items) {
    if (!callable) {
      if (items.empty()) in_.Broken("misses an operand");
      callable = items.front();
      items.erase(items.begin());
      if (!arena_.pickle().Is(*callable, Kind::kGlobal)) in_.Broken("calls what is no callable");
    }
    Call(*callable, arena_.Make(Kind::kTuple, items));
  }

  bool Object(Opcode opcode) {
    switch (opcode) {
      case Opcode::kGlobal: Push(GlobalFromLines()); return true;
      case Opcode::kStackGlobal: {
        const NodeId name = Pop(Kind::kString);
        const NodeId module = Pop(Kind::kString);
        Push(arena_.Make(Kind::kGlobal, {module, name}));
        return true;
      }
      case Opcode::kReduce:
      case Opcode::kNewObj: {
        const NodeId arguments = Pop(Kind::kTuple);
        Call(PopCallable(), arguments);
        return true;
      }
      case Opcode::kNewObjEx: {
        const NodeId named = Pop(Kind::kDict);
        const NodeId arguments = Pop(Kind::kTuple);
        Push(arena_.Make(Kind::kObject, {PopCallable(), arguments, arena_.None(), named}));
        return true;
      }
      case Opcode::kInst: {
        const NodeId callable = GlobalFromLines();
        CallOldStyle(callable, PopToMark());
        return true;
      }
      case Opcode::kObj: CallOldStyle(std::nullopt, PopToMark()); return true;
      case Opcode::kBuild: Build(); return true;
      case Opcode::kPersId: {
        const NodeId id = arena_.Text(Kind::kString, in_.Line());
        Push(arena_.Make(Kind::kPersistent, {id}));
        return true;
      }
      case Opcode::kBinPersId: Push(arena_.Make(Kind::kPersistent, {Pop()})); return true;
      default: return false;
    }
  }

  const Limits& limits_;
  PickleArena arena_;
  PickleInput in_;
  std::deque<NodeId> stack_;
  std::vector<size_t> marks_;  // heights of the stack
  Memo memo_;
};

Pickle ReadPickle(const ByteSource& source, uint64_t offset, const Limits& limits) {
  return PickleMachine(source, offset, limits).Run();
}

}  // namespace gan::core
