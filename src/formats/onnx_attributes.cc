#include "formats/onnx_attributes.h"

namespace gan::core {
namespace {

// AttributeProto's field of the type, and its numbers of types.
constexpr uint32_t kType = 20;
enum : int64_t { kFloat = 1, kInt = 2, kString = 3, kInts = 7 };

ProtoWriter Named(std::string_view name) { return ProtoWriter().Bytes(1, name); }

}  // namespace

ProtoWriter OnnxNumber(std::string_view name, float value) {
  return Named(name).Float(2, value).Int(kType, kFloat);
}

ProtoWriter OnnxInteger(std::string_view name, int64_t value) {
  return Named(name).Int(3, value).Int(kType, kInt);
}

ProtoWriter OnnxText(std::string_view name, std::string_view value) {
  return Named(name).Bytes(4, value).Int(kType, kString);
}

ProtoWriter OnnxIntegers(std::string_view name, const std::vector<int64_t>& values) {
  ProtoWriter attribute = Named(name);
  for (const int64_t value : values) attribute.Int(8, value);
  return attribute.Int(kType, kInts);
}

}  // namespace gan::core
