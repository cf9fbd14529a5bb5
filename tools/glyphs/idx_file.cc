#include "tools/glyphs/idx_file.h"

#include <array>

#include "base/error.h"
#include "base/file.h"

namespace gan::core::glyphs {
namespace {

void WriteArray(const std::filesystem::path& path, std::span<const int64_t> sizes,
                std::span<const uint8_t> bytes) {
  std::vector<uint8_t> header;
  const auto put = [&](int64_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      header.push_back(static_cast<uint8_t>(value >> shift & 0xff));
    }
  };
  put(0x0800 + static_cast<int64_t>(sizes.size()));
  for (const int64_t size : sizes) put(size);
  AtomicFile file(path);
  file.Write(std::as_bytes(std::span(header)));
  file.Write(std::as_bytes(bytes));
  file.Commit();
}

}  // namespace

void WriteIdx(const std::filesystem::path& folder, std::string_view prefix,
              const LabelledPictures& pictures) {
  const int64_t count = pictures.count();
  GAN_ASSERT(static_cast<int64_t>(pictures.pixels.size()) == count * pictures.size * pictures.size);
  WriteArray(folder / fmt::format("{}-images-idx3-ubyte", prefix),
             std::array{count, pictures.size, pictures.size}, pictures.pixels);
  WriteArray(folder / fmt::format("{}-labels-idx1-ubyte", prefix), std::array{count},
             pictures.labels);
}

}  // namespace gan::core::glyphs
