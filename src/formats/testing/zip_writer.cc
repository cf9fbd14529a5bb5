#include "formats/testing/zip_writer.h"

#include <zlib.h>

#include "base/error.h"

namespace gan::core::testing {
namespace {

template <class... T>
std::string Fields(T... values) {
  std::string out;
  (out.append(reinterpret_cast<const char*>(&values), sizeof values), ...);
  return out;
}

std::string Deflate(std::string_view data) {
  z_stream stream{};
  GAN_ASSERT(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, data.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  GAN_ASSERT(status == Z_STREAM_END);
  return out;
}

}  // namespace

void ZipWriter::Add(std::string_view name, std::string_view data) {
  const bool folder = name.ends_with('/');
  const std::string packed = options_.deflate && !folder ? Deflate(data) : std::string(data);
  const uint16_t method = options_.deflate && !folder ? 8 : 0;
  const uint16_t flags = options_.descriptors && !folder ? 8 : 0;
  const auto crc = options_.checksums
                       ? static_cast<uint32_t>(
                             crc32_z(0, reinterpret_cast<const Bytef*>(data.data()), data.size()))
                       : 0u;
  const uint64_t size = data.size(), packed_size = packed.size(), local = bytes_.size();
  const auto name_bytes = static_cast<uint16_t>(name.size());
  const uint16_t version = 45;
  const uint32_t time = 0;
  const uint32_t elsewhere = 0xFFFFFFFF;
  const auto extra = [&] {
    return options_.zip64 ? Fields(uint16_t{1}, uint16_t{16}, size, packed_size) : "";
  }();
  const auto extra_bytes = static_cast<uint16_t>(extra.size());
  const uint32_t shown_size = options_.zip64 ? elsewhere : static_cast<uint32_t>(size);
  const uint32_t shown_packed = options_.zip64 ? elsewhere : static_cast<uint32_t>(packed_size);
  bytes_ += Fields(uint32_t{0x04034b50}, version, flags, method, time);
  bytes_ += flags != 0 ? std::string(12, '\0') : Fields(crc, shown_packed, shown_size);
  bytes_ += Fields(name_bytes, flags != 0 ? uint16_t{0} : extra_bytes);
  bytes_ += name;
  if (flags == 0) bytes_ += extra;
  bytes_ += packed;
  if (flags != 0) {
    bytes_ += Fields(uint32_t{0x08074b50}, crc, static_cast<uint32_t>(packed_size),
                     static_cast<uint32_t>(size));
  }
  directory_ += Fields(uint32_t{0x02014b50}, version, version, flags, method, time, crc,
                       shown_packed, shown_size, name_bytes, extra_bytes, uint16_t{0}, uint16_t{0},
                       uint16_t{0}, uint32_t{0}, static_cast<uint32_t>(local));
  directory_ += name;
  directory_ += extra;
  ++entries_;
}

std::string ZipWriter::Finish() {
  const uint64_t begin = bytes_.size(), size = directory_.size(), count = entries_;
  bytes_ += directory_;
  if (options_.zip64) {
    const uint64_t end64 = bytes_.size();
    const uint16_t version = 45;
    bytes_ += Fields(uint32_t{0x06064b50}, uint64_t{44}, version, version, uint32_t{0}, uint32_t{0},
                     count, count, size, begin);
    bytes_ += Fields(uint32_t{0x07064b50}, uint32_t{0}, end64, uint32_t{1});
  }
  bytes_ += Fields(uint32_t{0x06054b50}, uint32_t{0}, entries_, entries_,
                   static_cast<uint32_t>(size), static_cast<uint32_t>(begin), uint16_t{0});
  return bytes_;
}

}  // namespace gan::core::testing
