#include "formats/zip_records.h"

#include <algorithm>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr uint32_t kEndSignature = 0x06054b50;
constexpr uint32_t kEnd64Signature = 0x06064b50;
constexpr uint32_t kLocatorSignature = 0x07064b50;
constexpr size_t kEndBytes = 22;
constexpr size_t kEnd64Bytes = 56;
constexpr size_t kLocatorBytes = 20;
constexpr size_t kMaxComment = 65535;
constexpr uint16_t kZip64Extra = 1;

[[noreturn]] void Broken(const ByteSource& source, std::string_view what) {
  Fail(ErrorCode::kBadData, source.name(), "is a zip archive {}", what);
}

// The end record is the last signature whose comment reaches to the end of the file.
uint64_t FindEnd(const ByteSource& source) {
  const uint64_t tail_bytes = std::min<uint64_t>(source.size(), kEndBytes + kMaxComment);
  const std::vector<std::byte> tail = source.ReadAt(source.size() - tail_bytes, tail_bytes);
  for (size_t at = tail.size() < kEndBytes ? 0 : tail.size() - kEndBytes + 1; at-- > 0;) {
    const std::span<const std::byte> record = std::span(tail).subspan(at);
    if (ZipField<uint32_t>(record, 0) == kEndSignature &&
        record.size() - kEndBytes == ZipField<uint16_t>(record, 20)) {
      return source.size() - tail_bytes + at;
    }
  }
  Broken(source, "without its end: cut short?");
}

// The zip64 end record that a locator before `end` points to; its offset goes to `end`.
ZipEnd ReadEnd64(const ByteSource& source, uint64_t& end) {
  const std::vector<std::byte> locator = source.ReadAt(end - kLocatorBytes, kLocatorBytes);
  const auto offset = ZipField<uint64_t>(locator, 8);
  if (ZipField<uint32_t>(locator, 4) != 0 || ZipField<uint32_t>(locator, 16) > 1) {
    Broken(source, "of several disks");
  }
  const std::vector<std::byte> record = source.ReadAt(offset, kEnd64Bytes);
  if (ZipField<uint32_t>(record, 0) != kEnd64Signature ||
      ZipField<uint64_t>(record, 4) != end - kLocatorBytes - offset - 12) {
    Broken(source, "with a broken zip64 end record");
  }
  if (ZipField<uint32_t>(record, 16) != 0 || ZipField<uint32_t>(record, 20) != 0 ||
      ZipField<uint64_t>(record, 24) != ZipField<uint64_t>(record, 32)) {
    Broken(source, "of several disks");
  }
  end = offset;
  return {ZipField<uint64_t>(record, 32), ZipField<uint64_t>(record, 48),
          ZipField<uint64_t>(record, 40)};
}

}  // namespace

ZipEnd ReadZipEnd(const ByteSource& source) {
  uint64_t end = FindEnd(source);
  const std::vector<std::byte> record = source.ReadAt(end, uint64_t{kEndBytes});
  if (ZipField<uint16_t>(record, 4) != 0 || ZipField<uint16_t>(record, 6) != 0 ||
      ZipField<uint16_t>(record, 8) != ZipField<uint16_t>(record, 10)) {
    Broken(source, "of several disks");
  }
  ZipEnd out{ZipField<uint16_t>(record, 10), ZipField<uint32_t>(record, 16),
             ZipField<uint32_t>(record, 12)};
  const bool locator =
      end >= kLocatorBytes &&
      ZipField<uint32_t>(source.ReadAt(end - kLocatorBytes, uint64_t{4}), 0) == kLocatorSignature;
  if (locator) out = ReadEnd64(source, end);
  if (out.directory > end || out.directory_bytes != end - out.directory) {
    Broken(source, "whose directory is not where its end record says");
  }
  return out;
}

bool ResolveZip64(std::span<const std::byte> extra, ZipSizes& sizes) {
  constexpr uint64_t kElsewhere = 0xFFFFFFFF;
  if (sizes.size != kElsewhere && sizes.packed != kElsewhere && sizes.local != kElsewhere) {
    return true;
  }
  while (extra.size() >= 4) {
    const auto id = ZipField<uint16_t>(extra, 0);
    const size_t bytes = ZipField<uint16_t>(extra, 2);
    if (bytes > extra.size() - 4) return false;
    std::span<const std::byte> field = extra.subspan(4, bytes);
    extra = extra.subspan(4 + bytes);
    if (id != kZip64Extra) continue;
    for (uint64_t* value : {&sizes.size, &sizes.packed, &sizes.local}) {
      if (*value != kElsewhere) continue;
      if (field.size() < 8) return false;
      *value = ZipField<uint64_t>(field, 0);
      field = field.subspan(8);
    }
    return true;
  }
  return false;
}

}  // namespace gan::core
