#include "formats/torch_embedded.h"

#include <charconv>
#include <span>
#include <string>
#include <utility>

#include "base/error.h"
#include "formats/torch_legacy.h"

namespace gan::core {
namespace {

// Of a key, so that none of a file's own can be one.
constexpr std::string_view kMark = "embedded ";

// The bytes that the call is given: several calls may share them.
NodeId BytesOf(const Pickle& pickle, NodeId call) { return pickle.Child(pickle.Child(call, 1), 0); }

MemorySource SourceOf(std::string_view where, const Pickle& pickle, NodeId bytes) {
  return {std::string(where), std::as_bytes(std::span(pickle.Text(bytes)))};
}

}  // namespace

bool IsEmbeddedStorage(const Pickle& pickle, NodeId node) {
  if (!pickle.Is(node, NodeKind::kObject)) return false;
  if (!pickle.IsGlobal(pickle.Child(node, 0), "torch.storage", "_load_from_bytes")) return false;
  const NodeId arguments = pickle.Child(node, 1);
  return pickle.ChildCount(arguments) == 1 &&
         pickle.Is(pickle.Child(arguments, 0), NodeKind::kBytes);
}

TorchStorage ParseEmbeddedStorage(std::string_view where, const Pickle& pickle, NodeId node,
                                  const Limits& limits) {
  const NodeId bytes = BytesOf(pickle, node);
  TorchStorage storage = ParseLegacyStorage(SourceOf(where, pickle, bytes), limits).storage;
  storage.key = fmt::format("{}{}", kMark, bytes);
  return storage;
}

Tensor EmbeddedRecords::Load(std::string_view key, uint64_t bytes) const {
  if (!key.starts_with(kMark)) {
    Fail(ErrorCode::kBadData, where_, "wants tensors from elsewhere, which a bare pickle has not");
  }
  NodeId node = 0;
  const std::string_view number = key.substr(kMark.size());
  std::from_chars(number.data(), number.data() + number.size(), node);
  const MemorySource source = SourceOf(where_, pickle_, node);
  const LegacyStorage found = ParseLegacyStorage(source, limits_);
  if (RecordBytes(where_, found.storage) != bytes) {
    Fail(ErrorCode::kBadData, where_, "holds a storage in two sizes");
  }
  Tensor out(DType::kU8, Shape{static_cast<int64_t>(bytes)});
  source.ReadAt(found.offset, out.raw());
  return out;
}

}  // namespace gan::core
