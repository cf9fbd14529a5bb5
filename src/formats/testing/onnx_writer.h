// Writes small ONNX files for tests.
#ifndef GAN_FORMATS_TESTING_ONNX_WRITER_H_
#define GAN_FORMATS_TESTING_ONNX_WRITER_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/onnx_attributes.h"
#include "formats/protobuf_writer.h"

namespace gan::core::testing {

// A small ONNX file, field by field.
class OnnxWriter {
 public:
  OnnxWriter& Input(const std::string& name, const std::vector<int64_t>& sizes) {
    graph_.Message(11, ValueInfo(name, sizes));
    return *this;
  }
  OnnxWriter& WholeInput(const std::string& name, const std::vector<int64_t>& sizes) {
    graph_.Message(11, ValueInfo(name, sizes, 7));
    return *this;
  }
  OnnxWriter& Output(const std::string& name) {
    graph_.Message(12, ValueInfo(name, {}));
    return *this;
  }
  OnnxWriter& Weight(const std::string& name, const std::vector<int64_t>& sizes,
                     float value = 0.5f) {
    int64_t count = 1;
    ProtoWriter tensor;
    for (const int64_t size : sizes) tensor.Int(1, size), count *= size;
    const std::vector<float> values(static_cast<size_t>(count), value);
    const auto bytes = std::as_bytes(std::span(values));
    tensor.Int(2, 1).Bytes(8, name);
    tensor.Bytes(9, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    graph_.Message(5, tensor);
    return *this;
  }
  // In a row unless `sizes` says otherwise.
  OnnxWriter& Floats(const std::string& name, const std::vector<float>& values,
                     std::vector<int64_t> sizes = {}) {
    ProtoWriter tensor;
    if (sizes.empty()) sizes = {static_cast<int64_t>(values.size())};
    for (const int64_t size : sizes) tensor.Int(1, size);
    tensor.Int(2, 1).Bytes(8, name);
    for (const float value : values) tensor.Float(4, value);
    graph_.Message(5, tensor);
    return *this;
  }
  OnnxWriter& Ints(const std::string& name, const std::vector<int64_t>& values) {
    ProtoWriter tensor;
    tensor.Int(1, static_cast<int64_t>(values.size())).Int(2, 7).Bytes(8, name);
    for (const int64_t value : values) tensor.Int(7, value);
    graph_.Message(5, tensor);
    return *this;
  }
  OnnxWriter& External(const std::string& name, int64_t size, const std::string& file) {
    ProtoWriter tensor, place;
    place.Bytes(1, "location").Bytes(2, file);
    graph_.Message(5, tensor.Int(1, size).Int(2, 1).Bytes(8, name).Message(13, place).Int(14, 1));
    return *this;
  }
  OnnxWriter& Node(const std::string& op, const std::vector<std::string>& inputs,
                   const std::string& output, const std::vector<ProtoWriter>& attributes = {}) {
    return NodeOfMany(op, inputs, {output}, attributes);
  }
  OnnxWriter& NodeOfMany(const std::string& op, const std::vector<std::string>& inputs,
                         const std::vector<std::string>& outputs,
                         const std::vector<ProtoWriter>& attributes = {}) {
    ProtoWriter node;
    for (const std::string& input : inputs) node.Bytes(1, input);
    for (const std::string& output : outputs) node.Bytes(2, output);
    node.Bytes(3, "the_" + outputs[0]).Bytes(4, op);
    for (const ProtoWriter& attribute : attributes) node.Message(5, attribute);
    graph_.Message(1, node);
    return *this;
  }
  std::string Finish(int64_t opset = 13) const {
    ProtoWriter model, set;
    model.Int(1, 7).Bytes(2, "test").Message(7, graph_).Message(8, set.Int(2, opset));
    return model.bytes();
  }

 private:
  static ProtoWriter ValueInfo(const std::string& name, const std::vector<int64_t>& sizes,
                               int64_t element = 1) {
    ProtoWriter shape, tensor, type, info;
    for (const int64_t size : sizes) {
      ProtoWriter dim;
      size > 0 ? dim.Int(1, size) : dim.Bytes(2, "open");
      shape.Message(1, dim);
    }
    return info.Bytes(1, name).Message(2,
                                       type.Message(1, tensor.Int(1, element).Message(2, shape)));
  }

  ProtoWriter graph_;
};

}  // namespace gan::core::testing

#endif  // GAN_FORMATS_TESTING_ONNX_WRITER_H_
