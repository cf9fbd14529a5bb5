// The fixed records of a zip archive, field by field, as APPNOTE.TXT lays them out.
#ifndef GAN_FORMATS_ZIP_RECORDS_H_
#define GAN_FORMATS_ZIP_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "formats/byte_source.h"

namespace gan::core {

inline constexpr uint32_t kZipLocalSignature = 0x04034b50;
inline constexpr uint32_t kZipCentralSignature = 0x02014b50;
inline constexpr size_t kZipLocalBytes = 30;
inline constexpr size_t kZipCentralBytes = 46;

// A little-endian number at `offset` of a record that is long enough.
template <class T>
T ZipField(std::span<const std::byte> record, size_t offset) {
  T value;
  std::memcpy(&value, record.subspan(offset, sizeof value).data(), sizeof value);
  return value;
}

// What the end record, or its zip64 form, says.
struct ZipEnd {
  uint64_t entries = 0;
  uint64_t directory = 0;  // offset
  uint64_t directory_bytes = 0;
};

// Error kBadData: no end record, more than one disk, a directory that does not end where the end
// record begins.
ZipEnd ReadZipEnd(const ByteSource& source);

// The sizes of one entry. A field of 0xFFFFFFFF means that the zip64 extra field has it.
struct ZipSizes {
  uint64_t size = 0;
  uint64_t packed = 0;
  uint64_t local = 0;
};

// Replaces such fields from `extra`; false when the extra field is malformed or lacks them.
bool ResolveZip64(std::span<const std::byte> extra, ZipSizes& sizes);

}  // namespace gan::core

#endif  // GAN_FORMATS_ZIP_RECORDS_H_
