#include "formats/torch_tensor.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "base/checked.h"
#include "base/error.h"
#include "formats/torch_embedded.h"

namespace gan::core {
namespace {

constexpr std::string_view kUtils = "torch._utils";
constexpr std::array<std::string_view, 3> kRebuildTensor = {"_rebuild_tensor", "_rebuild_tensor_v2",
                                                            "_rebuild_tensor_v3"};
constexpr std::array<std::string_view, 2> kRebuildParameter = {"_rebuild_parameter",
                                                               "_rebuild_parameter_with_state"};
constexpr size_t kDTypeArgument = 6;  // of _rebuild_tensor_v3

struct TypeName {
  std::string_view storage;
  std::string_view dtype;
  DType type;
};

constexpr std::array kTypes = {
    TypeName{"FloatStorage", "float32", DType::kF32},
    TypeName{"HalfStorage", "float16", DType::kF16},
    TypeName{"BFloat16Storage", "bfloat16", DType::kBF16},
    TypeName{"DoubleStorage", "float64", DType::kF64},
    TypeName{"ByteStorage", "uint8", DType::kU8},
    TypeName{"CharStorage", "int8", DType::kI8},
    TypeName{"ShortStorage", "int16", DType::kI16},
    TypeName{"IntStorage", "int32", DType::kI32},
    TypeName{"LongStorage", "int64", DType::kI64},
    TypeName{"BoolStorage", "bool", DType::kBool},
    TypeName{"UntypedStorage", "", DType::kU8},
};

// Whether a node is a global of one of torch's modules that is called `name`.
bool IsTorchGlobal(const Pickle& pickle, NodeId node, std::string_view name) {
  return pickle.IsGlobal(node, "torch", name) || pickle.IsGlobal(node, "torch.cuda", name) ||
         pickle.IsGlobal(node, "torch.storage", name);
}

bool IsCallOf(const Pickle& pickle, NodeId node, std::span<const std::string_view> names) {
  if (!pickle.Is(node, NodeKind::kObject)) return false;
  const NodeId callable = pickle.Child(node, 0);
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return pickle.IsGlobal(callable, kUtils, name);
  });
}

[[noreturn]] void Malformed(std::string_view where, std::string_view what) {
  Fail(ErrorCode::kBadData, where, "holds a tensor with {}", what);
}

// The next argument, which must exist and be of that kind.
NodeId Argument(std::string_view where, const Pickle& pickle, NodeId tuple, size_t index,
                NodeKind kind, std::string_view what) {
  if (pickle.ChildCount(tuple) <= index) Malformed(where, "too few arguments");
  const NodeId node = pickle.Child(tuple, index);
  if (!pickle.Is(node, kind)) Malformed(where, what);
  return node;
}

std::vector<int64_t> Integers(std::string_view where, const Pickle& pickle, NodeId tuple,
                              const Limits& limits) {
  if (pickle.ChildCount(tuple) > limits.rank) Malformed(where, "too many axes");
  std::vector<int64_t> out;
  for (const NodeId child : pickle.Children(tuple)) {
    if (!pickle.Is(child, NodeKind::kInt)) Malformed(where, "a size that is no number");
    out.push_back(pickle.Int(child));
  }
  return out;
}

// An untyped storage counts bytes; the tensor says what they are.
void Retype(std::string_view where, const Pickle& pickle, NodeId dtype, TorchStorage& storage) {
  const auto* found = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& t) {
    return !t.dtype.empty() && pickle.IsGlobal(dtype, "torch", t.dtype);
  });
  if (found == kTypes.end()) {
    Malformed(where,
              fmt::format("elements of type {}, which is not supported", pickle.GlobalName(dtype)));
  }
  const auto size = static_cast<int64_t>(SizeOf(found->type));
  if (storage.dtype != DType::kU8 || storage.record_elements % size != 0 ||
      storage.elements != storage.record_elements) {
    Malformed(where, "a storage that does not fit its type");
  }
  storage.dtype = found->type;
  storage.record_elements /= size;
  storage.elements = storage.record_elements;
}

void ReverseElements(std::span<std::byte> bytes, size_t element_bytes) {
  for (size_t i = 0; i + element_bytes <= bytes.size(); i += element_bytes) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + element_bytes));
  }
}

TorchStorage ParseStorage(std::string_view where, const Pickle& pickle, NodeId node,
                          const Limits& limits) {
  if (IsTorchStorage(pickle, node)) return ParseTorchStorage(where, pickle, node);
  if (IsEmbeddedStorage(pickle, node)) return ParseEmbeddedStorage(where, pickle, node, limits);
  Malformed(where, pickle.Is(node, NodeKind::kObject)
                       ? fmt::format("a storage made by {}, which is not supported",
                                     pickle.GlobalName(node))
                       : "no storage");
}

}  // namespace

bool IsTorchTensor(const Pickle& pickle, NodeId node) {
  return IsCallOf(pickle, node, kRebuildTensor) || IsCallOf(pickle, node, kRebuildParameter);
}

bool IsTorchStorage(const Pickle& pickle, NodeId persistent) {
  if (!pickle.Is(persistent, NodeKind::kPersistent)) return false;
  const NodeId id = pickle.Child(persistent, 0);
  if (!pickle.Is(id, NodeKind::kTuple) || pickle.ChildCount(id) == 0) return false;
  const NodeId tag = pickle.Child(id, 0);
  return pickle.Is(tag, NodeKind::kString) && pickle.Text(tag) == "storage";
}

TorchStorage ParseTorchStorage(std::string_view where, const Pickle& pickle, NodeId persistent) {
  const NodeId id = pickle.Child(persistent, 0);
  const NodeId type = Argument(where, pickle, id, 1, NodeKind::kGlobal, "a storage of no type");
  const auto* found = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& t) {
    return IsTorchGlobal(pickle, type, t.storage);
  });
  if (found == kTypes.end()) {
    Malformed(where,
              fmt::format("a storage of type {}, which is not supported", pickle.GlobalName(type)));
  }
  TorchStorage out;
  out.dtype = found->type;
  out.key = pickle.Text(Argument(where, pickle, id, 2, NodeKind::kString, "a storage of no name"));
  out.record_elements =
      pickle.Int(Argument(where, pickle, id, 4, NodeKind::kInt, "a storage of no size"));
  out.elements = out.record_elements;
  if (out.record_elements < 0) Malformed(where, "a storage of negative size");
  if (pickle.ChildCount(id) > 5 && !pickle.Is(pickle.Child(id, 5), NodeKind::kNone)) {
    // (key, offset, size): before PyTorch 0.4 a storage could be a part of another.
    const NodeId view = Argument(where, pickle, id, 5, NodeKind::kTuple, "a malformed storage");
    out.begin = pickle.Int(Argument(where, pickle, view, 1, NodeKind::kInt, "no offset"));
    out.elements = pickle.Int(Argument(where, pickle, view, 2, NodeKind::kInt, "no size"));
    if (out.begin < 0 || out.elements < 0 || out.begin > out.record_elements ||
        out.elements > out.record_elements - out.begin) {
      Malformed(where, "a storage outside the one it is part of");
    }
  }
  return out;
}

TorchTensor ParseTorchTensor(std::string_view where, const Pickle& pickle, NodeId node,
                             const Limits& limits) {
  if (IsCallOf(pickle, node, kRebuildParameter)) {
    node = Argument(where, pickle, pickle.Child(node, 1), 0, NodeKind::kObject, "no data");
    if (!IsCallOf(pickle, node, kRebuildTensor)) {
      Malformed(where,
                fmt::format("data made by {}, which is not supported", pickle.GlobalName(node)));
    }
  }
  const NodeId arguments = pickle.Child(node, 1);
  if (pickle.ChildCount(arguments) == 0) Malformed(where, "too few arguments");
  const NodeId persistent = pickle.Child(arguments, 0);
  TorchTensor out;
  out.storage = ParseStorage(where, pickle, persistent, limits);
  out.offset = pickle.Int(Argument(where, pickle, arguments, 1, NodeKind::kInt, "no offset"));
  const auto sizes = Integers(
      where, pickle, Argument(where, pickle, arguments, 2, NodeKind::kTuple, "no sizes"), limits);
  const auto strides = Integers(
      where, pickle, Argument(where, pickle, arguments, 3, NodeKind::kTuple, "no strides"), limits);
  if (pickle.IsGlobal(pickle.Child(node, 0), kUtils, kRebuildTensor[2])) {
    Retype(where, pickle,
           Argument(where, pickle, arguments, kDTypeArgument, NodeKind::kGlobal, "no type"),
           out.storage);
  }
  if (sizes.size() != strides.size()) Malformed(where, "not as many strides as sizes");
  out.shape = Shape(std::span(sizes));
  if (!ViewFits(sizes, strides, out.offset, out.storage.elements)) {
    Malformed(where, fmt::format("shape {} at element {} that leaves its storage of {} elements",
                                 out.shape.ToString(), out.offset, out.storage.elements));
  }
  std::copy(strides.begin(), strides.end(), out.strides.begin());
  return out;
}

uint64_t RecordBytes(std::string_view where, const TorchStorage& storage) {
  const auto bytes =
      CheckedMul<uint64_t>(static_cast<uint64_t>(storage.record_elements), SizeOf(storage.dtype));
  if (!bytes) Malformed(where, "an absurd size");
  return *bytes;
}

bool ViewFits(std::span<const int64_t> sizes, std::span<const int64_t> strides, int64_t offset,
              int64_t elements) {
  if (offset < 0 || std::ranges::any_of(sizes, [](int64_t size) { return size < 0; }) ||
      std::ranges::any_of(strides, [](int64_t stride) { return stride < 0; })) {
    return false;
  }
  if (std::ranges::find(sizes, 0) != sizes.end()) return true;
  int64_t last = offset;
  for (size_t axis = 0; axis < sizes.size(); ++axis) {
    int64_t reach = 0;
    if (__builtin_mul_overflow(sizes[axis] - 1, strides[axis], &reach) ||
        __builtin_add_overflow(last, reach, &last)) {
      return false;
    }
  }
  return last < elements;
}

TorchTensorMaker::TorchTensorMaker(std::string_view where, const TorchRecords& records,
                                   uint64_t file_bytes, bool big_endian, const Limits& limits)
    : where_(where),
      records_(records),
      file_bytes_(file_bytes),
      big_endian_(big_endian),
      limits_(limits) {}

const TorchTensorMaker::Loaded& TorchTensorMaker::Record(const TorchStorage& storage) {
  const uint64_t bytes = RecordBytes(where_, storage);
  const size_t element_bytes = SizeOf(storage.dtype);
  auto found = loaded_.find(storage.key);
  if (found == loaded_.end()) {
    Loaded loaded{records_.Load(storage.key, bytes), element_bytes};
    if (big_endian_) {
      records_.Fill();
      ReverseElements(loaded.bytes.raw(), element_bytes);
    }
    found = loaded_.emplace(storage.key, std::move(loaded)).first;
  }
  const Loaded& loaded = found->second;
  if (loaded.bytes.bytes() != bytes || (big_endian_ && loaded.element_bytes != element_bytes)) {
    Malformed(where_, fmt::format("storage \"{}\" in two sizes or types", Printable(storage.key)));
  }
  return loaded;
}

void TorchTensorMaker::Charge(uint64_t bytes, uint64_t most, std::string_view what,
                              uint64_t& sum) const {
  sum += bytes;
  if (sum > most) {
    Fail(ErrorCode::kBadData, where_, "wants more than {} bytes {}; the file has {}", most, what,
         file_bytes_);
  }
}

Tensor TorchTensorMaker::Make(const TorchTensor& tensor) {
  const DType dtype = tensor.storage.dtype;
  if (tensor.shape.elements() == 0) return Tensor(dtype, tensor.shape);
  const auto bytes =
      CheckedMul<uint64_t>(static_cast<uint64_t>(tensor.shape.elements()), SizeOf(dtype));
  if (!bytes || *bytes > limits_.file_bytes) Malformed(where_, "an absurd size");
  Charge(*bytes, limits_.shown_slack + 4 * file_bytes_, "of overlapping tensors", shown_);
  const Loaded& record = Record(tensor.storage);
  const auto first = static_cast<size_t>(tensor.storage.begin + tensor.offset) * SizeOf(dtype);
  auto owner = std::make_shared<Tensor>(record.bytes);
  std::byte* data = owner->raw().data() + first;
  const ConstTensorView view(data, dtype, tensor.shape, tensor.strides);
  if (view.IsContiguous()) return Tensor(dtype, tensor.shape, std::move(owner), data);
  Charge(*bytes, limits_.copied_slack + file_bytes_, "of views copied", copied_);
  records_.Fill();
  Tensor copy(dtype, tensor.shape);
  CopyElements(view, copy.view());
  return copy;
}

}  // namespace gan::core
