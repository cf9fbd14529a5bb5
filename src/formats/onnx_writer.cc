#include "formats/onnx_writer.h"

#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "formats/onnx_lowering.h"
#include "formats/protobuf_writer.h"

namespace gan::core {
namespace {

constexpr int64_t kIrVersion = 8, kOpset = 17;
// No message of Protocol Buffers is larger.
constexpr uint64_t kMostBytes = (uint64_t{1} << 31) - 1;

// onnx.proto's numbers of fields.
enum ModelField : uint32_t {
  kModelIrVersion = 1,
  kModelProducer = 2,
  kModelGraph = 7,
  kModelOpset = 8,
  kModelMetadata = 14,
};
enum GraphField : uint32_t {
  kGraphNode = 1,
  kGraphName = 2,
  kGraphInitializer = 5,
  kGraphInput = 11,
  kGraphOutput = 12,
};
enum TensorField : uint32_t { kTensorSizes = 1, kTensorType = 2, kTensorName = 8, kTensorRaw = 9 };

int64_t TypeOf(DType dtype) {
  GAN_ASSERT(dtype == DType::kF32 || dtype == DType::kI64);
  return dtype == DType::kF32 ? 1 : 7;
}

// A TensorProto up to its elements, with the key and length that it has within the graph.
std::string HeadOf(const OnnxInitializer& initializer) {
  ProtoWriter tensor, field;
  for (const int64_t size : initializer.data.shape().sizes()) tensor.Int(kTensorSizes, size);
  tensor.Int(kTensorType, TypeOf(initializer.data.dtype())).Bytes(kTensorName, initializer.name);
  tensor.Head(kTensorRaw, initializer.data.bytes());
  field.Head(kGraphInitializer, tensor.bytes().size() + initializer.data.bytes());
  return field.bytes() + tensor.bytes();
}

// A ValueInfoProto.
ProtoWriter Described(const std::string& name, const SymbolicShape& sizes) {
  ProtoWriter shape, tensor, type;
  for (const Dim& size : sizes) {
    ProtoWriter dim;
    size.IsConstant() ? dim.Int(1, size.constant()) : dim.Bytes(2, size.ToString());
    shape.Message(1, dim);
  }
  tensor.Int(1, TypeOf(DType::kF32)).Message(2, shape);
  type.Message(1, tensor);
  return ProtoWriter().Bytes(1, name).Message(2, type);
}

// The graph without its initializers, which stand behind.
ProtoWriter BodyOf(const Graph& graph, const OnnxLowering& lowered) {
  ProtoWriter body;
  for (const ProtoWriter& node : lowered.nodes()) body.Message(kGraphNode, node);
  body.Bytes(kGraphName, graph.name);
  const auto describe = [&](uint32_t field, const std::vector<ValueId>& values) {
    for (const ValueId id : values) {
      body.Message(field, Described(lowered.NameOf(id), graph.value(id).shape));
    }
  };
  describe(kGraphInput, graph.inputs);
  describe(kGraphOutput, graph.outputs);
  return body;
}

ProtoWriter ModelHead(const std::map<std::string, std::string>& metadata) {
  ProtoWriter model;
  model.Int(kModelIrVersion, kIrVersion).Bytes(kModelProducer, "gan.cpp");
  // The domain that is left out is ONNX's own.
  model.Message(kModelOpset, ProtoWriter().Int(2, kOpset));
  for (const auto& [key, value] : metadata) {
    model.Message(kModelMetadata, ProtoWriter().Bytes(1, key).Bytes(2, value));
  }
  return model;
}

}  // namespace

uint64_t OnnxLayout::bytes() const {
  uint64_t bytes = head.size();
  for (const Part& tensor : tensors) bytes += tensor.head.size() + tensor.data.bytes();
  return bytes;
}

OnnxLayout LayOutOnnx(std::string_view where, const Graph& graph, const NamedTensors& parameters,
                      const std::map<std::string, std::string>& metadata) {
  CheckParameters(graph, parameters);
  OnnxLowering lowering(where, graph, parameters);
  lowering.LowerAll();
  const ProtoWriter body = BodyOf(graph, lowering);
  OnnxLayout out;
  out.head = body.bytes();
  for (const OnnxInitializer& initializer : lowering.initializers()) {
    out.tensors.push_back({HeadOf(initializer), initializer.data});
  }
  ProtoWriter model = ModelHead(metadata);
  model.Head(kModelGraph, out.bytes());
  out.head = model.bytes() + out.head;
  if (out.bytes() > kMostBytes) {
    Fail(ErrorCode::kCannotCreate, where, "would have {} bytes; an ONNX file has at most {}",
         out.bytes(), kMostBytes);
  }
  return out;
}

void WriteOnnx(const std::filesystem::path& path, const Graph& graph,
               const NamedTensors& parameters, const std::map<std::string, std::string>& metadata) {
  const OnnxLayout layout = LayOutOnnx(Printable(path.native(), 500), graph, parameters, metadata);
  AtomicFile file(path);
  file.Write(layout.head);
  for (const OnnxLayout::Part& tensor : layout.tensors) {
    file.Write(tensor.head);
    file.Write(tensor.data.raw());
  }
  file.Commit();
}

}  // namespace gan::core
