#include "formats/protobuf.h"

#include <bit>
#include <cstring>

#include "base/error.h"

namespace gan::core {
namespace {

[[noreturn]] void Broken(std::string_view where, std::string_view what) {
  Fail(ErrorCode::kBadData, where, "is a broken protobuf: {}", what);
}

// Bytes of packed whole numbers in one field: each may become eight.
constexpr size_t kMostPacked = size_t{4} << 20;

}  // namespace

int64_t ProtoField::Int(std::string_view where) const {
  if (wire != ProtoWire::kVarint) Broken(where, "a field that should be a whole number is none");
  return static_cast<int64_t>(value);
}

float ProtoField::Float(std::string_view where) const {
  if (wire != ProtoWire::kFixed32) Broken(where, "a field that should be a number is none");
  return std::bit_cast<float>(static_cast<uint32_t>(value));
}

std::string_view ProtoField::Text(std::string_view where) const {
  const std::span<const std::byte> text = Message(where);
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

std::span<const std::byte> ProtoField::Message(std::string_view where) const {
  if (wire != ProtoWire::kBytes) Broken(where, "a field that should be a message is none");
  return bytes;
}

void ProtoField::AppendInts(std::string_view where, std::vector<int64_t>& out) const {
  if (wire != ProtoWire::kBytes) return out.push_back(Int(where));
  if (bytes.size() > kMostPacked) Broken(where, "a list of whole numbers is too long");
  // Packed numbers have no keys: each is read as the value of a field.
  for (std::span<const std::byte> rest = bytes; !rest.empty();) {
    uint64_t packed = 0;
    size_t used = 0;
    do {
      if (used == rest.size() || used == 10) Broken(where, "a number is cut short");
      packed |= (static_cast<uint64_t>(rest[used]) & 0x7F) << (7 * used);
    } while ((static_cast<uint8_t>(rest[used++]) & 0x80) != 0);
    out.push_back(static_cast<int64_t>(packed));
    rest = rest.subspan(used);
  }
}

void ProtoField::AppendFloats(std::string_view where, std::vector<float>& out) const {
  if (wire != ProtoWire::kBytes) return out.push_back(Float(where));
  if (bytes.size() % sizeof(float) != 0) Broken(where, "a list of numbers is cut short");
  const size_t before = out.size();
  out.resize(before + bytes.size() / sizeof(float));
  if (bytes.empty()) return;  // an empty vector may have no memory to copy into
  std::memcpy(out.data() + before, bytes.data(), bytes.size());
}

uint64_t ProtoReader::Varint() {
  uint64_t value = 0;
  for (size_t i = 0; i < 10; ++i) {
    if (i == bytes_.size()) Broken(where_, "a number is cut short");
    const auto byte = static_cast<uint8_t>(bytes_[i]);
    value |= (uint64_t{byte} & 0x7F) << (7 * i);
    if ((byte & 0x80) != 0) continue;
    bytes_ = bytes_.subspan(i + 1);
    return value;
  }
  Broken(where_, "a number is too long");
}

uint64_t ProtoReader::Fixed(size_t bytes) {
  if (bytes_.size() < bytes) Broken(where_, "a number is cut short");
  uint64_t value = 0;
  std::memcpy(&value, bytes_.data(), bytes);
  bytes_ = bytes_.subspan(bytes);
  return value;
}

bool ProtoReader::Next(ProtoField& field) {
  if (bytes_.empty()) return false;
  const uint64_t key = Varint();
  if (key >> 3 == 0 || key >> 3 > 0x1FFFFFFF) Broken(where_, "a field has no number");
  field = {.number = static_cast<uint32_t>(key >> 3), .wire = static_cast<ProtoWire>(key & 7)};
  switch (field.wire) {
    case ProtoWire::kVarint: field.value = Varint(); return true;
    case ProtoWire::kFixed64: field.value = Fixed(8); return true;
    case ProtoWire::kFixed32: field.value = Fixed(4); return true;
    case ProtoWire::kBytes: {
      const uint64_t size = Varint();
      if (size > bytes_.size()) {
        Broken(where_, fmt::format("a field wants {} bytes, {} are left", size, bytes_.size()));
      }
      field.bytes = bytes_.first(size);
      bytes_ = bytes_.subspan(size);
      return true;
    }
  }
  Broken(where_, "a field is of no known kind");
}

}  // namespace gan::core
