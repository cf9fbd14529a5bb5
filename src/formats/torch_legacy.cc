#include "formats/torch_legacy.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "formats/pickle.h"
#include "formats/torch_embedded.h"
#include "formats/torch_tensor.h"
#include "formats/torch_tree.h"
#include "tensor/tensor_arena.h"

namespace gan::core {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"sv;
constexpr int64_t kProtocol = 1001;

class LegacyRecords final : public TorchRecords {
 public:
  explicit LegacyRecords(const ByteSource& source) : source_(source) {}

  // The record begins at `offset`. Error kBadData when the key is taken or the bytes are not there.
  void Add(std::string key, uint64_t offset, uint64_t bytes) {
    if (offset > source_.size() || bytes > source_.size() - offset) {
      Fail(ErrorCode::kBadData, source_.name(),
           "storage \"{}\" wants {} bytes at byte {}, the file has {}; cut short?", Printable(key),
           bytes, offset, source_.size());
    }
    const std::string shown = Printable(key);
    if (!places_.emplace(std::move(key), Place{offset, bytes}).second) {
      Fail(ErrorCode::kBadData, source_.name(), "holds storage \"{}\" twice", shown);
    }
  }

  Tensor Load(std::string_view key, uint64_t bytes) const override {
    const auto found = places_.find(key);
    if (found == places_.end() || found->second.bytes != bytes) {
      Fail(ErrorCode::kBadData, source_.name(), "has no {} bytes of data for storage \"{}\"", bytes,
           Printable(key));
    }
    Tensor out = arena_.Make(DType::kU8, Shape{static_cast<int64_t>(bytes)});
    source_.ReadAt(found->second.offset, out.raw());
    return out;
  }

 private:
  struct Place {
    uint64_t offset;
    uint64_t bytes;
  };
  const ByteSource& source_;
  std::map<std::string, Place, std::less<>> places_;
  mutable TensorArena arena_{source_.size()};
};

[[noreturn]] void Broken(const ByteSource& source, std::string_view what) {
  Fail(ErrorCode::kBadData, source.name(), "is a PyTorch file from before 1.6 {}", what);
}

// The number that the pickle at `offset` is, which is moved behind it.
void ExpectMagic(const ByteSource& source, const Limits& limits, uint64_t& offset) {
  const Pickle magic = ReadPickle(source, offset, limits);
  if (!magic.Is(magic.root(), NodeKind::kBigInt) || magic.Text(magic.root()) != kMagic) {
    Broken(source, "without its magic number");
  }
  const Pickle protocol = ReadPickle(source, magic.end(), limits);
  if (!protocol.Is(protocol.root(), NodeKind::kInt) || protocol.Int(protocol.root()) != kProtocol) {
    Broken(source, "of another protocol than 1001");
  }
  offset = protocol.end();
}

// The pickle {"protocol_version": 1001, "little_endian": True, "type_sizes": {...}}.
bool ReadByteOrder(const ByteSource& source, const Limits& limits, uint64_t& offset) {
  const Pickle system = ReadPickle(source, offset, limits);
  offset = system.end();
  if (!system.Is(system.root(), NodeKind::kDict)) Broken(source, "without its system record");
  const Pickle::ChildRange items = system.Children(system.root());
  for (Pickle::ChildIterator item = items.begin(); item != items.end(); ++item) {
    const NodeId key = *item;
    const NodeId value = *++item;
    if (system.Is(key, NodeKind::kString) && system.Text(key) == "little_endian" &&
        system.Is(value, NodeKind::kBool)) {
      return system.Int(value) == 0;
    }
  }
  Broken(source, "that does not say its byte order");
}

// Every storage that the object names, by key.
std::map<std::string, TorchStorage, std::less<>> Storages(const ByteSource& source,
                                                          const Pickle& pickle,
                                                          const Limits& limits) {
  std::map<std::string, TorchStorage, std::less<>> out;
  for (NodeId id = 0; id < pickle.size(); ++id) {
    if (!IsTorchStorage(pickle, id)) continue;
    TorchStorage storage = ParseTorchStorage(source.name(), pickle, id);
    if (storage.key.size() > limits.name_bytes) Broken(source, "with an absurd storage name");
    const std::string key = storage.key;
    const auto [known, fresh] = out.emplace(key, std::move(storage));
    if (!fresh && RecordBytes(source.name(), known->second) !=
                      RecordBytes(source.name(), ParseTorchStorage(source.name(), pickle, id))) {
      Broken(source, "with one storage in two sizes");
    }
  }
  return out;
}

void PlaceRecords(const ByteSource& source, const Limits& limits, const Pickle& object,
                  bool big_endian, LegacyRecords& records) {
  const auto storages = Storages(source, object, limits);
  const Pickle keys = ReadPickle(source, object.end(), limits);
  if (!keys.Is(keys.root(), NodeKind::kList)) Broken(source, "without its list of storages");
  uint64_t offset = keys.end();
  for (const NodeId key : keys.Children(keys.root())) {
    const auto found =
        keys.Is(key, NodeKind::kString) ? storages.find(keys.Text(key)) : storages.end();
    if (found == storages.end()) Broken(source, "with a storage that nothing uses");
    uint64_t elements = 0;
    source.ReadAt(offset, std::as_writable_bytes(std::span(&elements, 1)));
    if (big_endian) elements = __builtin_bswap64(elements);
    const TorchStorage& storage = found->second;
    if (elements != static_cast<uint64_t>(storage.record_elements)) {
      Broken(source, fmt::format("whose storage \"{}\" has {} elements, not {}",
                                 Printable(storage.key), elements, storage.record_elements));
    }
    const uint64_t bytes = RecordBytes(source.name(), storage);
    records.Add(storage.key, offset + sizeof elements, bytes);
    offset += sizeof elements + bytes;
  }
  if (offset != source.size()) {
    Broken(source, fmt::format("with {} bytes too many", source.size() - offset));
  }
}

}  // namespace

Checkpoint ReadTorchLegacy(const ByteSource& source, const ReadOptions& options) {
  const Limits& limits = options.limits;
  uint64_t offset = 0;
  ExpectMagic(source, limits, offset);
  const bool big_endian = ReadByteOrder(source, limits, offset);
  const Pickle object = ReadPickle(source, offset, limits);
  LegacyRecords records(source);
  PlaceRecords(source, limits, object, big_endian, records);
  Checkpoint out;
  out.format = "PyTorch legacy";
  TorchTensorMaker maker(source.name(), records, source.size(), big_endian, limits);
  CollectTorchTensors(source.name(), object, /*script=*/false, limits, maker, out);
  return out;
}

LegacyStorage ParseLegacyStorage(const ByteSource& source, const Limits& limits) {
  uint64_t offset = 0;
  ExpectMagic(source, limits, offset);
  if (ReadByteOrder(source, limits, offset)) Broken(source, "of another byte order, embedded");
  const Pickle object = ReadPickle(source, offset, limits);
  if (!IsTorchStorage(object, object.root())) Broken(source, "embedded, that is no storage");
  LegacyStorage out{ParseTorchStorage(source.name(), object, object.root())};
  // The list of keys, which names this one storage, and its count of elements.
  out.offset = ReadPickle(source, object.end(), limits).end() + sizeof(int64_t);
  const uint64_t bytes = RecordBytes(source.name(), out.storage);
  if (out.offset > source.size() || source.size() - out.offset != bytes) {
    Broken(source, fmt::format("embedded, that wants {} bytes for its storage", bytes));
  }
  return out;
}

Checkpoint ReadPickleFile(const ByteSource& source, const ReadOptions& options) {
  Limits limits = options.limits;
  limits.pickle_bytes = std::min(limits.pickle_file_bytes, limits.file_bytes);
  const Pickle pickle = ReadPickle(source, 0, limits);
  Checkpoint out;
  out.format = "Python pickle";
  const EmbeddedRecords records(source.name(), pickle, options.limits);
  TorchTensorMaker maker(source.name(), records, source.size(), /*big_endian=*/false,
                         options.limits);
  CollectTorchTensors(source.name(), pickle, /*script=*/false, options.limits, maker, out);
  return out;
}

}  // namespace gan::core
