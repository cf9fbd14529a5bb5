#include "formats/onnx_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/checked.h"
#include "formats/protobuf.h"
#include "formats/tensor_names.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;
using Bytes = std::span<const std::byte>;

// onnx.proto's numbers of element types, that are read.
std::optional<DType> TypeOf(int64_t number) {
  switch (number) {
    case 1: return DType::kF32;
    case 2: return DType::kU8;
    case 3: return DType::kI8;
    case 5: return DType::kI16;
    case 6: return DType::kI32;
    case 7: return DType::kI64;
    case 9: return DType::kBool;
    case 10: return DType::kF16;
    case 11: return DType::kF64;
    case 16: return DType::kBF16;
    default: return std::nullopt;
  }
}

// Of one node, and of inputs and outputs of the graph: far beyond any network.
constexpr size_t kMostLinks = 4096;

struct ExternalPlace {
  std::string file;
  uint64_t offset = 0;
  std::optional<uint64_t> bytes;
};

class Parser {
 public:
  Parser(const ByteSource& source, fs::path folder, const ReadOptions& options)
      : source_(source),
        where_(source.name()),
        folder_(std::move(folder)),
        limits_(options.limits),
        allow_non_finite_(options.allow_non_finite) {}

  OnnxFile Parse() {
    const std::vector<std::byte> bytes = source_.ReadAt(0, source_.size());
    out_.file = where_;
    bool graph = false;
    ForEach(bytes, [&](const ProtoField& field) {
      if (field.number == 8) ReadOpset(field.Message(where_));
      if (field.number == 14) ReadMetadata(field.Message(where_));
      if (field.number == 7 && !std::exchange(graph, true)) ReadGraph(field.Message(where_));
    });
    if (!graph) Fail(ErrorCode::kBadData, where_, "is an ONNX file without a graph");
    std::erase_if(out_.inputs,
                  [&](const OnnxInput& input) { return out_.weights.contains(input.name); });
    return std::move(out_);
  }

 private:
  template <class Take>
  void ForEach(Bytes message, const Take& take) const {
    ProtoReader reader(where_, message);
    for (ProtoField field; reader.Next(field);) take(field);
  }

  std::string Name(const ProtoField& field) const {
    const std::string_view text = field.Text(where_);
    if (text.size() > limits_.name_bytes) {
      Fail(ErrorCode::kBadData, where_, "has a name of {} bytes, at most {} are read", text.size(),
           limits_.name_bytes);
    }
    return std::string(text);
  }

  void ReadOpset(Bytes message) {
    std::string domain;
    int64_t version = 0;
    ForEach(message, [&](const ProtoField& field) {
      if (field.number == 1) domain = Name(field);
      if (field.number == 2) version = field.Int(where_);
    });
    if (domain.empty() || domain == "ai.onnx") out_.opset = version;
  }

  // What some exporters write there is long: that is passed over.
  void ReadMetadata(Bytes message) {
    std::string_view key, value;
    ForEach(message, [&](const ProtoField& field) {
      if (field.number == 1) key = field.Text(where_);
      if (field.number == 2) value = field.Text(where_);
    });
    if (std::max(key.size(), value.size()) > limits_.name_bytes) return;
    if (out_.metadata.size() < kMostLinks) out_.metadata.emplace(key, value);
  }

  void ReadGraph(Bytes message) {
    ForEach(message, [&](const ProtoField& field) {
      switch (field.number) {
        case 1: ReadNode(field.Message(where_)); break;
        case 5: ReadWeight(field.Message(where_)); break;
        case 11:
          CheckCount(out_.inputs.size(), limits_.tensors);
          out_.inputs.push_back(ReadInput(field.Message(where_)));
          break;
        case 12:
          CheckCount(out_.outputs.size(), kMostLinks);
          out_.outputs.push_back(ReadInput(field.Message(where_)).name);
          break;
        case 15: Fail(ErrorCode::kBadData, where_, "has sparse weights, which are not supported");
        default: break;
      }
    });
  }

  void CheckCount(size_t count, size_t most) const {
    if (count < most) return;
    Fail(ErrorCode::kBadData, where_, "has more than {} inputs or outputs", most);
  }

  void ReadNode(Bytes message) {
    if (out_.nodes.size() >= limits_.onnx_nodes) {
      Fail(ErrorCode::kBadData, where_, "has more than {} nodes", limits_.onnx_nodes);
    }
    OnnxNode node{.file = where_};
    const auto link = [&](std::vector<std::string>& links, const ProtoField& field) {
      if (links.size() >= kMostLinks)
        node.FailHere("has more than {} inputs or outputs", kMostLinks);
      links.push_back(Name(field));
    };
    std::string domain;
    ForEach(message, [&](const ProtoField& field) {
      if (field.number == 1) link(node.inputs, field);
      if (field.number == 2) link(node.outputs, field);
      if (field.number == 3) node.name = Name(field);
      if (field.number == 4) node.op = Name(field);
      if (field.number == 5) ReadAttribute(field.Message(where_), node);
      if (field.number == 7) domain = Name(field);
    });
    if (!domain.empty() && domain != "ai.onnx") {
      node.FailHere("is of the domain \"{}\", which gan does not know", Printable(domain));
    }
    out_.nodes.push_back(std::move(node));
  }

  void ReadAttribute(Bytes message, OnnxNode& node) {
    std::string name;
    OnnxAttribute attribute;
    ForEach(message, [&](const ProtoField& field) {
      switch (field.number) {
        case 1: name = Name(field); break;
        case 2: attribute.number = field.Float(where_); break;
        case 3: attribute.integer = field.Int(where_); break;
        case 4: attribute.text = Name(field); break;
        case 5: attribute.tensor = ReadTensor(field.Message(where_)).second; break;
        case 7: field.AppendFloats(where_, attribute.numbers); break;
        case 8: field.AppendInts(where_, attribute.integers); break;
        default: break;
      }
    });
    if (node.attributes.size() >= kMostLinks) node.FailHere("has too many attributes");
    node.attributes.insert_or_assign(std::move(name), std::move(attribute));
  }

  void ReadWeight(Bytes message) {
    auto [name, tensor] = ReadTensor(message);
    CheckTensorName(where_, name, limits_);
    CheckFinite(name, tensor);
    if (out_.weights.size() >= limits_.tensors) {
      Fail(ErrorCode::kBadData, where_, "has more than {} tensors", limits_.tensors);
    }
    if (!out_.weights.emplace(name, std::move(tensor)).second) {
      Fail(ErrorCode::kBadData, where_, "holds \"{}\" twice", Printable(name));
    }
  }

  void CheckFinite(const std::string& name, const Tensor& tensor) const {
    if (allow_non_finite_ || !IsFloating(tensor.dtype())) return;
    const Tensor floats = tensor.ToFloat();
    if (std::ranges::all_of(floats.floats(), [](float x) { return std::isfinite(x); })) return;
    Fail(ErrorCode::kBadData, where_, "\"{}\" has elements that are NaN or infinite",
         Printable(name));
  }

  OnnxInput ReadInput(Bytes message) {
    OnnxInput input;
    ForEach(message, [&](const ProtoField& field) {
      if (field.number == 1) input.name = Name(field);
      if (field.number != 2) return;
      ForEach(field.Message(where_), [&](const ProtoField& type) {
        if (type.number != 1) return;
        ForEach(type.Message(where_), [&](const ProtoField& tensor) {
          if (tensor.number == 1) {
            const std::optional<DType> element = TypeOf(tensor.Int(where_));
            input.whole = element == DType::kI64 || element == DType::kI32;
          }
          if (tensor.number == 2) ReadSizes(tensor.Message(where_), input.sizes);
        });
      });
    });
    return input;
  }

  void ReadSizes(Bytes shape, std::vector<int64_t>& sizes) const {
    ForEach(shape, [&](const ProtoField& field) {
      if (field.number != 1) return;
      int64_t size = -1;
      ForEach(field.Message(where_), [&](const ProtoField& dim) {
        if (dim.number == 1) size = dim.Int(where_);
      });
      if (sizes.size() >= limits_.rank) {
        Fail(ErrorCode::kBadData, where_, "has an input of more than {} axes", limits_.rank);
      }
      sizes.push_back(size > 0 ? size : -1);
    });
  }

  // -- Tensors

  std::pair<std::string, Tensor> ReadTensor(Bytes message) {
    std::string name;
    std::vector<int64_t> sizes, integers;
    std::vector<float> floats;
    std::optional<Bytes> raw;
    ExternalPlace place;
    int64_t type = 0;
    bool external = false;
    ForEach(message, [&](const ProtoField& field) {
      switch (field.number) {
        case 1: field.AppendInts(where_, sizes); break;
        case 2: type = field.Int(where_); break;
        case 4: field.AppendFloats(where_, floats); break;
        case 5:
        case 7: field.AppendInts(where_, integers); break;
        case 8: name = Name(field); break;
        case 9: raw = field.Message(where_); break;
        case 13: ReadPlace(field.Message(where_), place); break;
        case 14: external = field.Int(where_) == 1; break;
        default: break;
      }
    });
    const std::optional<DType> dtype = TypeOf(type);
    if (!dtype) {
      Fail(ErrorCode::kBadData, where_, "\"{}\" has elements of type {}, which is not supported",
           Printable(name), type);
    }
    const Shape shape = CheckedShape(name, sizes, *dtype);
    if (external) return {name, ReadExternal(name, shape, *dtype, place)};
    if (raw) return {name, FromRaw(name, shape, *dtype, *raw)};
    if (*dtype == DType::kF32) return {name, FromFloats(name, shape, floats)};
    return {name, FromIntegers(name, shape, *dtype, integers)};
  }

  Shape CheckedShape(const std::string& name, const std::vector<int64_t>& sizes,
                     DType dtype) const {
    std::optional<int64_t> bytes = static_cast<int64_t>(SizeOf(dtype));
    for (const int64_t size : sizes) {
      if (size < 0 || sizes.size() > limits_.rank) bytes.reset();
      if (bytes) bytes = CheckedMul(*bytes, size);
    }
    if (!bytes || static_cast<uint64_t>(*bytes) > limits_.file_bytes) {
      Fail(ErrorCode::kBadData, where_, "\"{}\" has an absurd shape", Printable(name));
    }
    return Shape(std::span<const int64_t>(sizes));
  }

  [[noreturn]] void WrongSize(const std::string& name, const Shape& shape, size_t elements) const {
    Fail(ErrorCode::kBadData, where_, "\"{}\" {} wants {} elements, got {}", Printable(name),
         shape.ToString(), shape.elements(), elements);
  }

  Tensor FromRaw(const std::string& name, const Shape& shape, DType dtype, Bytes raw) const {
    const auto wanted = static_cast<uint64_t>(shape.elements()) * SizeOf(dtype);
    if (raw.size() != wanted) WrongSize(name, shape, raw.size() / SizeOf(dtype));
    Tensor out(dtype, shape);
    if (!raw.empty()) std::memcpy(out.raw().data(), raw.data(), raw.size());
    return out;
  }

  Tensor FromFloats(const std::string& name, const Shape& shape,
                    const std::vector<float>& floats) const {
    if (floats.size() != static_cast<size_t>(shape.elements())) {
      WrongSize(name, shape, floats.size());
    }
    return Tensor::FromFloats(shape, floats);
  }

  Tensor FromIntegers(const std::string& name, const Shape& shape, DType dtype,
                      const std::vector<int64_t>& integers) const {
    if (integers.size() != static_cast<size_t>(shape.elements()) || dtype == DType::kF64) {
      WrongSize(name, shape, integers.size());
    }
    Tensor out(dtype, shape);
    const size_t size = SizeOf(dtype);  // the low bytes: of fp16 its bits
    for (size_t i = 0; i < integers.size(); ++i) {
      std::memcpy(out.raw().data() + i * size, &integers[i], size);
    }
    return out;
  }

  // -- External data

  void ReadPlace(Bytes message, ExternalPlace& place) const {
    std::string key, value;
    ForEach(message, [&](const ProtoField& field) {
      if (field.number == 1) key = Name(field);
      if (field.number == 2) value = Name(field);
    });
    const auto number = [&] {
      uint64_t parsed = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
      if (error != std::errc() || end != value.data() + value.size()) {
        Fail(ErrorCode::kBadData, where_, "external data has a malformed {}", Printable(key));
      }
      return parsed;
    };
    if (key == "location") place.file = value;
    if (key == "offset") place.offset = number();
    if (key == "length") place.bytes = number();
  }

  Tensor ReadExternal(const std::string& name, const Shape& shape, DType dtype,
                      const ExternalPlace& place) {
    // A name alone: no folder, no way up, nothing hidden behind a link.
    const fs::path file = place.file;
    std::error_code error;
    if (folder_.empty() || place.file.empty() || file.has_parent_path() || place.file == ".." ||
        place.file == "." || !fs::is_regular_file(fs::symlink_status(folder_ / file, error))) {
      Fail(ErrorCode::kBadData, where_,
           "\"{}\" wants its data in \"{}\"; wants a plain file beside the model", Printable(name),
           Printable(place.file));
    }
    const FileSource data(folder_ / file, limits_.file_bytes);
    Tensor out(dtype, shape);
    if (place.bytes && *place.bytes != out.bytes()) {
      WrongSize(name, shape, *place.bytes / SizeOf(dtype));
    }
    data.ReadAt(place.offset, out.raw());
    return out;
  }

  const ByteSource& source_;
  const std::string where_;
  const fs::path folder_;
  const Limits& limits_;
  const bool allow_non_finite_;
  OnnxFile out_;
};

}  // namespace

int64_t OnnxNode::Int(std::string_view attribute, int64_t absent) const {
  const auto found = attributes.find(attribute);
  if (found == attributes.end()) return absent;
  if (!found->second.integer) FailHere("wants a whole number as {}", attribute);
  return *found->second.integer;
}

float OnnxNode::Float(std::string_view attribute, float absent) const {
  const auto found = attributes.find(attribute);
  if (found == attributes.end()) return absent;
  if (!found->second.number) FailHere("wants a number as {}", attribute);
  return *found->second.number;
}

std::string OnnxNode::Text(std::string_view attribute, std::string_view absent) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? std::string(absent) : found->second.text;
}

std::vector<int64_t> OnnxNode::Ints(std::string_view attribute, std::vector<int64_t> absent) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? std::move(absent) : found->second.integers;
}

OnnxFile ParseOnnx(const ByteSource& source, const fs::path& folder, const ReadOptions& options) {
  return Parser(source, folder, options).Parse();
}

}  // namespace gan::core
