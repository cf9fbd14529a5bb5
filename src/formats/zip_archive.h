// Zip archives, distrusted: what the central directory says is compared with the local headers, and
// nothing may overlap.
//
//   [local header | name | extra | data | (descriptor)]...   central directory   end record
#ifndef GAN_FORMATS_ZIP_ARCHIVE_H_
#define GAN_FORMATS_ZIP_ARCHIVE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/byte_source.h"
#include "formats/limits.h"

namespace gan::core {

struct ZipEntry {
  std::string name;
  bool deflated = false;
  uint32_t crc = 0;         // 0: not to be verified
  uint64_t packed = 0;      // bytes in the file
  uint64_t size = 0;        // bytes inflated
  uint64_t local = 0;       // offset of the local header
  uint64_t data = 0;        // offset of the data
  bool descriptor = false;  // sizes in the local header may be 0
  bool IsFolder() const { return name.ends_with('/'); }
};

// Thread safety: everything is const.
class ZipArchive {
 public:
  // Reads all headers. Accepts stored and deflated entries, zip64, folders as entries, data
  // descriptors. Error kBadData: several disks, encryption, other methods, local headers that say
  // something else, overlaps, names that are not unique relative paths, too much to inflate.
  ZipArchive(const ByteSource& source, const Limits& limits);

  const std::vector<ZipEntry>& entries() const { return entries_; }  // by name
  const ZipEntry* Find(std::string_view name) const;                 // nullptr when absent

  // Fills `out`, which has the entry's size. Error kBadData: broken data, CRC.
  void Read(const ZipEntry& entry, std::span<std::byte> out) const;
  std::vector<std::byte> Read(const ZipEntry& entry) const;

 private:
  void ReadDirectory(const Limits& limits);
  // Takes one entry off the front of `left`. `where` names it before its name is known.
  ZipEntry ParseCentral(std::string_view where, const Limits& limits,
                        std::span<const std::byte>& left) const;
  void ReadLocalHeader(ZipEntry& entry) const;
  void CheckNames() const;
  void CheckSizes(const Limits& limits) const;
  void CheckOverlaps() const;
  void Inflate(const ZipEntry& entry, std::span<std::byte> out) const;

  const ByteSource& source_;
  uint64_t directory_ = 0;  // offset
  std::vector<ZipEntry> entries_;
};

}  // namespace gan::core

#endif  // GAN_FORMATS_ZIP_ARCHIVE_H_
