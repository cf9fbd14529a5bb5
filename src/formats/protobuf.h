// The wire format of Protocol Buffers, field by field, without generated code: what is read is
// bounded by the bytes that are there.
#ifndef GAN_FORMATS_PROTOBUF_H_
#define GAN_FORMATS_PROTOBUF_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gan::core {

enum class ProtoWire : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct ProtoField {
  uint32_t number = 0;
  ProtoWire wire = ProtoWire::kVarint;
  uint64_t value = 0;                // of the kinds that are numbers, as they stand
  std::span<const std::byte> bytes;  // of kBytes

  // Each: Error kBadData unless the field is of that kind.
  int64_t Int(std::string_view where) const;
  float Float(std::string_view where) const;
  std::string_view Text(std::string_view where) const;
  std::span<const std::byte> Message(std::string_view where) const;

  // A repeated number, packed or alone, added to `out`.
  void AppendInts(std::string_view where, std::vector<int64_t>& out) const;
  void AppendFloats(std::string_view where, std::vector<float>& out) const;
};

// The fields of one message in order. `where` names the file and, with the bytes, must outlive it.
class ProtoReader {
 public:
  ProtoReader(std::string_view where, std::span<const std::byte> bytes)
      : where_(where), bytes_(bytes) {}

  // False at the end. Error kBadData: cut short, a group, or a field without a number.
  bool Next(ProtoField& field);

 private:
  uint64_t Varint();
  uint64_t Fixed(size_t bytes);

  std::string_view where_;
  std::span<const std::byte> bytes_;
};

}  // namespace gan::core

#endif  // GAN_FORMATS_PROTOBUF_H_
