#include "formats/zip_archive.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "base/checked.h"
#include "base/error.h"
#include "base/utf8.h"
#include "formats/zip_records.h"

namespace gan::core {
namespace {

constexpr uint16_t kEncrypted = 1 << 0 | 1 << 6 | 1 << 13;
constexpr uint16_t kDescriptor = 1 << 3;
constexpr uint16_t kStored = 0, kDeflated = 8;
constexpr uint64_t kMaxInflation = 1032;  // deflate cannot do more

[[noreturn]] void Broken(const ByteSource& source, std::string_view name, std::string_view what) {
  Fail(ErrorCode::kBadData, source.name(), "is a zip archive whose entry \"{}\" {}",
       Printable(name), what);
}

bool IsPlainPath(std::string_view name) {
  if (name.empty() || name.front() == '/' || !IsUtf8(name)) return false;
  if (name.find_first_of(std::string_view("\\:\0", 3)) != std::string_view::npos) return false;
  if (name.ends_with('/')) name.remove_suffix(1);
  for (;;) {
    const size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

// zlib's state, which ends with the scope.
class Inflater {
 public:
  Inflater() {
    // Negative: no zlib header, a zip entry is bare deflate data.
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
};

}  // namespace

ZipArchive::ZipArchive(const ByteSource& source, const Limits& limits) : source_(source) {
  ReadDirectory(limits);
  std::sort(entries_.begin(), entries_.end(),
            [](const ZipEntry& a, const ZipEntry& b) { return a.name < b.name; });
  CheckNames();
  CheckSizes(limits);
  for (ZipEntry& entry : entries_) ReadLocalHeader(entry);
  CheckOverlaps();
}

void ZipArchive::ReadDirectory(const Limits& limits) {
  const ZipEnd end = ReadZipEnd(source_);
  directory_ = end.directory;
  if (end.entries > limits.zip_entries) {
    Fail(ErrorCode::kBadData, source_.name(), "is a zip archive of {} entries, at most {} are read",
         end.entries, limits.zip_entries);
  }
  if (end.directory_bytes > end.entries * (kZipCentralBytes + 3 * uint64_t{0xFFFF})) {
    Fail(ErrorCode::kBadData, source_.name(), "is a zip archive whose directory is too long");
  }
  const std::vector<std::byte> directory = source_.ReadAt(end.directory, end.directory_bytes);
  std::span<const std::byte> left(directory);
  for (uint64_t i = 0; i < end.entries; ++i) {
    entries_.push_back(ParseCentral(fmt::format("#{}", i), limits, left));
  }
  if (!left.empty()) {
    Fail(ErrorCode::kBadData, source_.name(), "is a zip archive with more entries than it says");
  }
}

ZipEntry ZipArchive::ParseCentral(std::string_view where, const Limits& limits,
                                  std::span<const std::byte>& left) const {
  if (left.size() < kZipCentralBytes || ZipField<uint32_t>(left, 0) != kZipCentralSignature) {
    Broken(source_, where, "is not in its directory");
  }
  const size_t name_bytes = ZipField<uint16_t>(left, 28);
  const size_t extra_bytes = ZipField<uint16_t>(left, 30);
  const size_t bytes = kZipCentralBytes + name_bytes + extra_bytes + ZipField<uint16_t>(left, 32);
  if (left.size() < bytes || name_bytes > limits.name_bytes) {
    Broken(source_, where, "has a name or a comment that is too long");
  }
  ZipEntry entry;
  entry.name.assign(reinterpret_cast<const char*>(left.data()) + kZipCentralBytes, name_bytes);
  const auto flags = ZipField<uint16_t>(left, 8);
  const auto method = ZipField<uint16_t>(left, 10);
  if ((flags & kEncrypted) != 0) Broken(source_, entry.name, "is encrypted");
  if (method != kStored && method != kDeflated) {
    Broken(source_, entry.name, fmt::format("is packed by method {}, not 0 or 8", method));
  }
  ZipSizes sizes{ZipField<uint32_t>(left, 24), ZipField<uint32_t>(left, 20),
                 ZipField<uint32_t>(left, 42)};
  if (ZipField<uint16_t>(left, 34) != 0 ||
      !ResolveZip64(left.subspan(kZipCentralBytes + name_bytes, extra_bytes), sizes)) {
    Broken(source_, entry.name, "is malformed");
  }
  entry.deflated = method == kDeflated;
  entry.descriptor = (flags & kDescriptor) != 0;
  entry.crc = ZipField<uint32_t>(left, 16);
  entry.size = sizes.size;
  entry.packed = sizes.packed;
  entry.local = sizes.local;
  left = left.subspan(bytes);
  return entry;
}

void ZipArchive::ReadLocalHeader(ZipEntry& entry) const {
  if (entry.local > directory_ || directory_ - entry.local < kZipLocalBytes + entry.name.size()) {
    Broken(source_, entry.name, "has no local header");
  }
  const std::vector<std::byte> header =
      source_.ReadAt(entry.local, kZipLocalBytes + entry.name.size());
  const size_t extra_bytes = ZipField<uint16_t>(header, 28);
  const std::string_view name(reinterpret_cast<const char*>(header.data()) + kZipLocalBytes,
                              entry.name.size());
  const auto flags = ZipField<uint16_t>(header, 6);
  if (ZipField<uint32_t>(header, 0) != kZipLocalSignature ||
      ZipField<uint16_t>(header, 26) != entry.name.size() || name != entry.name ||
      ZipField<uint16_t>(header, 8) != (entry.deflated ? kDeflated : kStored) ||
      (flags & kEncrypted) != 0 || ((flags & kDescriptor) != 0) != entry.descriptor) {
    Broken(source_, entry.name, "has a local header that says something else");
  }
  ZipSizes sizes{ZipField<uint32_t>(header, 22), ZipField<uint32_t>(header, 18), 0};
  const uint64_t extra = entry.local + header.size();
  if (!ResolveZip64(source_.ReadAt(extra, uint64_t{extra_bytes}), sizes)) {
    Broken(source_, entry.name, "is malformed");
  }
  // With a descriptor behind the data, what was not known yet is 0 here.
  const auto fits = [&](uint64_t local, uint64_t central) {
    return local == central || (entry.descriptor && local == 0);
  };
  if (!fits(sizes.size, entry.size) || !fits(sizes.packed, entry.packed) ||
      !fits(ZipField<uint32_t>(header, 14), entry.crc)) {
    Broken(source_, entry.name, "has a local header that says something else");
  }
  entry.data = extra + extra_bytes;
  if (entry.data > directory_ || entry.packed > directory_ - entry.data) {
    Broken(source_, entry.name, "reaches into the directory");
  }
}

void ZipArchive::CheckNames() const {
  for (size_t i = 0; i < entries_.size(); ++i) {
    const std::string& name = entries_[i].name;
    if (!IsPlainPath(name)) Broken(source_, name, "has no plain relative path");
    if (i != 0 && entries_[i - 1].name == name) Broken(source_, name, "is there twice");
    if (entries_[i].IsFolder() && entries_[i].size != 0) Broken(source_, name, "is a full folder");
  }
}

void ZipArchive::CheckSizes(const Limits& limits) const {
  uint64_t most = limits.inflated_bytes;
  const auto scaled = CheckedMul<uint64_t>(source_.size(), limits.zip_ratio);
  if (scaled) most = std::min(most, CheckedAdd<uint64_t>(*scaled, limits.zip_slack).value_or(most));
  uint64_t total = 0;
  for (const ZipEntry& entry : entries_) {
    if (!entry.deflated && entry.size != entry.packed) {
      Broken(source_, entry.name, "is stored and has two sizes");
    }
    if (entry.size > limits.declared_bytes && entry.size / kMaxInflation > entry.packed) {
      Broken(source_, entry.name, "claims a size that its data cannot have");
    }
    if (entry.size > most - total) {
      Fail(ErrorCode::kBadData, source_.name(),
           "is a zip archive that inflates to more than {} bytes: a bomb?", most);
    }
    total += entry.size;
  }
}

void ZipArchive::CheckOverlaps() const {
  std::vector<const ZipEntry*> sorted;
  for (const ZipEntry& entry : entries_) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(),
            [](const ZipEntry* a, const ZipEntry* b) { return a->local < b->local; });
  for (size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i]->local < sorted[i - 1]->data + sorted[i - 1]->packed) {
      Broken(source_, sorted[i]->name, "overlaps another");
    }
  }
}

const ZipEntry* ZipArchive::Find(std::string_view name) const {
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), name,
                       [](const ZipEntry& entry, std::string_view n) { return entry.name < n; });
  return found != entries_.end() && found->name == name ? &*found : nullptr;
}

void ZipArchive::Inflate(const ZipEntry& entry, std::span<std::byte> out) const {
  constexpr uint64_t kMost = uint64_t{1} << 30;  // zlib counts in 32 bits
  std::vector<std::byte> packed(std::min<uint64_t>(entry.packed, 64 << 10));
  Inflater inflater;
  z_stream& stream = inflater.stream();
  uint64_t read = 0, written = 0;
  std::array<Bytef, 1> beyond{};  // zlib wants somewhere to write even when nothing may come
  int status = Z_OK;
  while (status == Z_OK) {
    if (stream.avail_in == 0 && read < entry.packed) {
      const auto chunk =
          std::span(packed).first(std::min<uint64_t>(packed.size(), entry.packed - read));
      source_.ReadAt(entry.data + read, chunk);
      read += chunk.size();
      stream.next_in = reinterpret_cast<Bytef*>(chunk.data());
      stream.avail_in = static_cast<uInt>(chunk.size());
    }
    const auto room = static_cast<uInt>(std::min(kMost, out.size() - written));
    stream.next_out = room == 0 ? beyond.data() : reinterpret_cast<Bytef*>(out.data() + written);
    stream.avail_out = room == 0 ? 1 : room;
    const uInt before = stream.avail_out;
    status = inflate(&stream, Z_NO_FLUSH);
    const uInt made = before - stream.avail_out;
    written += made;
    if (written > out.size()) break;
  }
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  if (status != Z_STREAM_END || written != out.size() || read != entry.packed ||
      stream.avail_in != 0) {
    Broken(source_, entry.name, "does not inflate to what it says");
  }
}

void ZipArchive::Read(const ZipEntry& entry, std::span<std::byte> out) const {
  GAN_ASSERT(out.size() == entry.size);
  if (entry.deflated) {
    Inflate(entry, out);
  } else {
    source_.ReadAt(entry.data, out);
  }
  const uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(out.data()), out.size());
  if (entry.crc != 0 && crc != entry.crc) Broken(source_, entry.name, "has a wrong checksum");
}

std::vector<std::byte> ZipArchive::Read(const ZipEntry& entry) const {
  std::vector<std::byte> out(entry.size);
  Read(entry, out);
  return out;
}

}  // namespace gan::core
