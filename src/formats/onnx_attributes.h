// Attributes of ONNX nodes as messages (AttributeProto), with the type that checkers want.
#ifndef GAN_FORMATS_ONNX_ATTRIBUTES_H_
#define GAN_FORMATS_ONNX_ATTRIBUTES_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "formats/protobuf_writer.h"

namespace gan::core {

ProtoWriter OnnxNumber(std::string_view name, float value);
ProtoWriter OnnxInteger(std::string_view name, int64_t value);
ProtoWriter OnnxText(std::string_view name, std::string_view value);
ProtoWriter OnnxIntegers(std::string_view name, const std::vector<int64_t>& values);

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_ATTRIBUTES_H_
