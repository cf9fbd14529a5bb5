#include "formats/protobuf_writer.h"

#include <bit>

namespace gan::core {

void ProtoWriter::Varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
  bytes_ += static_cast<char>(value);
}

void ProtoWriter::Key(uint32_t number, ProtoWire wire) {
  Varint(uint64_t{number} << 3 | static_cast<uint64_t>(wire));
}

ProtoWriter& ProtoWriter::Int(uint32_t number, int64_t value) {
  Key(number, ProtoWire::kVarint);
  Varint(static_cast<uint64_t>(value));
  return *this;
}

ProtoWriter& ProtoWriter::Float(uint32_t number, float value) {
  Key(number, ProtoWire::kFixed32);
  const auto bits = std::bit_cast<uint32_t>(value);
  bytes_.append(reinterpret_cast<const char*>(&bits), sizeof bits);
  return *this;
}

ProtoWriter& ProtoWriter::Head(uint32_t number, uint64_t size) {
  Key(number, ProtoWire::kBytes);
  Varint(size);
  return *this;
}

ProtoWriter& ProtoWriter::Bytes(uint32_t number, std::string_view bytes) {
  Head(number, bytes.size());
  bytes_ += bytes;
  return *this;
}

}  // namespace gan::core
