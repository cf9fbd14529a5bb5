#include "media/video_xmp.h"

#include <zlib.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"

namespace gan::core {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kXmpBox =
    "uuid\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac"sv;
constexpr std::string_view kXmpChunk = "iTXtXML:com.adobe.xmp\0\0\0\0\0"sv;
constexpr std::string_view kPngBegin = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"sv;
constexpr std::streamoff kBehindHeader = 33;  // the signature and the chunk IHDR

std::string BigEndian(uint32_t number) {
  std::string out(4, '\0');
  for (int i = 0; i < 4; ++i)
    out[static_cast<size_t>(i)] = static_cast<char>(number >> (24 - 8 * i));
  return out;
}

std::string Box(std::string_view packet) {
  return BigEndian(static_cast<uint32_t>(4 + kXmpBox.size() + packet.size())) +
         std::string(kXmpBox) + std::string(packet);
}

std::string Chunk(std::string_view packet) {
  const std::string content = std::string(kXmpChunk) + std::string(packet);
  const auto* bytes = reinterpret_cast<const Bytef*>(content.data());
  const uLong sum = crc32(0, bytes, static_cast<uInt>(content.size()));
  return BigEndian(static_cast<uint32_t>(content.size() - 4)) + content +
         BigEndian(static_cast<uint32_t>(sum));
}

// Makes room for `added` bytes at `at`, moving what is behind, the last part first.
void MakeRoom(std::fstream& file, std::streamoff at, std::streamoff added) {
  std::string part;
  file.seekg(0, std::ios::end);
  for (std::streamoff end = file.tellg(); file && end > at;) {
    const std::streamoff begin = std::max(at, end - (1 << 16));
    part.resize(static_cast<size_t>(end - begin));
    file.seekg(begin);
    file.read(part.data(), end - begin);
    file.seekp(begin + added);
    file << part;
    end = begin;
  }
}

void InsertChunk(std::fstream& file, const std::string& chunk) {
  std::string begin(kPngBegin.size(), '\0');
  file.seekg(0);
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  if (begin != kPngBegin) file.setstate(std::ios::failbit);
  MakeRoom(file, kBehindHeader, static_cast<std::streamoff>(chunk.size()));
  file.seekp(kBehindHeader);
  file << chunk;
}

}  // namespace

void AddXmp(VideoFormat format, const std::filesystem::path& path, std::string_view packet,
            const std::string& name) {
  GAN_ASSERT(packet.size() < (size_t{1} << 30));
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  if (format == VideoFormat::kMp4) {
    file.seekp(0, std::ios::end);
    file << Box(packet);
  } else {
    InsertChunk(file, Chunk(packet));
  }
  file.close();
  if (!file) Fail(ErrorCode::kIo, name, "cannot be written: its metadata finds no place");
}

}  // namespace gan::core
