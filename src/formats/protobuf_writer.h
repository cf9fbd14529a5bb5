// The wire format of Protocol Buffers, written field by field.
#ifndef GAN_FORMATS_PROTOBUF_WRITER_H_
#define GAN_FORMATS_PROTOBUF_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/protobuf.h"

namespace gan::core {

// Writes messages; a message within one is written first and then added as bytes.
class ProtoWriter {
 public:
  ProtoWriter& Int(uint32_t number, int64_t value);
  ProtoWriter& Float(uint32_t number, float value);
  ProtoWriter& Bytes(uint32_t number, std::string_view bytes);
  ProtoWriter& Message(uint32_t number, const ProtoWriter& message) {
    return Bytes(number, message.bytes_);
  }
  // The beginning of a field of `size` bytes that the caller writes behind these: large ones need
  // not be copied.
  ProtoWriter& Head(uint32_t number, uint64_t size);

  const std::string& bytes() const { return bytes_; }

 private:
  void Varint(uint64_t value);
  void Key(uint32_t number, ProtoWire wire);

  std::string bytes_;
};

}  // namespace gan::core

#endif  // GAN_FORMATS_PROTOBUF_WRITER_H_
