#include "data_formats.h"

#include <cstdint>
#include <cstring>

#include "base/error.h"
#include "data/cache_file.h"
#include "data/cifar.h"
#include "data/idx.h"
#include "data/sum.h"

namespace gan::core::fuzz {
namespace {

constexpr uint64_t kKey = 7, kSource = 9;

void TouchAll(std::span<const std::byte> bytes) {
  volatile unsigned sum = 0;
  unsigned total = 0;
  for (const std::byte byte : bytes) total += std::to_integer<unsigned>(byte);
  sum = total;
  static_cast<void>(sum);
}

// A stored block in a gzip frame: written by hand, so that the seed is the same everywhere.
std::string StoredGzip(const std::string& data, uint32_t crc) {
  const auto number = [](auto value) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof value);
  };
  const auto size = static_cast<uint16_t>(data.size());
  return std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03\x01", 11) + number(size) +
         number(static_cast<uint16_t>(~size)) + data + number(crc) +
         number(static_cast<uint32_t>(data.size()));
}

std::string CacheOf(const CacheForm& form, int pictures) {
  std::string out;
  CacheWriter writer(form, kKey, kSource, [&](std::span<const std::byte> bytes) {
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  const std::vector<std::byte> pixels(form.picture_bytes(), std::byte{5});
  for (int i = 0; i < pictures; ++i) writer.Add(pixels, i % 2, "picture");
  writer.Finish({"a", "b"}, {{"c.png", "broken"}}, {"a note"});
  return out;
}

void TouchCache(std::span<const std::byte> bytes) {
  const CachedPictures read = ParseCache(bytes, kKey, kSource);
  TouchAll(read.pixels);
  for (const std::string_view name : read.names) TouchAll(std::as_bytes(std::span(name)));
}

}  // namespace

std::vector<std::string> IdxSeeds() {
  const std::string labels("\0\0\x08\x01\0\0\0\x03\1\2\3", 11);
  return {std::string("\0\0\x08\x03\0\0\0\2\0\0\0\2\0\0\0\3", 16) + "abcdefghijkl", labels,
          StoredGzip(labels, 0xA4BDE58B)};
}

std::vector<std::string> CifarSeeds() {
  return {"\x09" + std::string(3072, 'x'), "\x13\x63" + std::string(3072, 'y')};
}

std::vector<std::string> DataCacheSeeds() {
  return {CacheOf({8, 1, 2, 3}, 3), CacheOf({16, 3, 2, 2}, 2)};
}

void ReadFuzzedIdx(std::span<const std::byte> bytes) {
  TouchAll(ReadIdx(MemorySource("fuzz", bytes)).data);
}

void ReadFuzzedCifar(std::span<const std::byte> bytes) {
  PictureArray array;
  std::vector<std::byte> samples;
  ReadCifar(MemorySource("fuzz", bytes), array, samples);
  TouchAll(samples);
}

void ReadFuzzedDataCache(std::span<const std::byte> bytes) {
  constexpr size_t kHeader = 64, kFooter = 32;
  std::vector<std::byte> repaired(bytes.begin(), bytes.end());
  uint64_t table = 0;
  if (bytes.size() >= kHeader + kFooter) {
    std::memcpy(&table, bytes.data() + bytes.size() - 24, sizeof table);
  }
  if (table >= kHeader && table <= bytes.size() - kFooter) {
    const std::span<std::byte> all(repaired);
    const uint64_t pixels = SumOf(all.subspan(kHeader, table - kHeader));
    std::memcpy(all.last(16).data(), &pixels, sizeof pixels);
    Sum frame;
    frame.Add(all.first(kHeader));
    frame.Add(all.subspan(table, all.size() - 8 - table));
    const uint64_t sum = frame.Value();
    std::memcpy(all.last(8).data(), &sum, sizeof sum);
  }
  TouchCache(repaired);
  TouchCache(bytes);
}

}  // namespace gan::core::fuzz
