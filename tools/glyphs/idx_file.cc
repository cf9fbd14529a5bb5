#include "tools/glyphs/idx_file.h"

#include <array>
#include <utility>

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

struct Array {
  std::vector<int64_t> sizes;
  std::vector<uint8_t> bytes;
};

Array ReadArray(const std::filesystem::path& path, int64_t rank) {
  const InputFile file(path);
  const auto header = static_cast<uint64_t>(4 + 4 * rank);
  const auto fail = [&](std::string_view wanted) {
    Fail(ErrorCode::kBadData, file.name(), "wants {}, is another file or cut short", wanted);
  };
  if (file.size() < header) fail("the header of an IDX file");
  const std::vector<std::byte> head = file.ReadAt(0, header);
  const auto number = [&](int64_t i) {
    int64_t value = 0;
    for (size_t b = 0; b < 4; ++b) {
      value = value << 8 | static_cast<int64_t>(head[static_cast<size_t>(4 * i) + b]);
    }
    return value;
  };
  if (number(0) != 0x0800 + rank) fail(fmt::format("bytes in {} dimensions", rank));
  Array array;
  // A multiplication that could wrap is one by more than the file has bytes.
  uint64_t elements = 1;
  for (int64_t i = 1; i <= rank; ++i) {
    const int64_t size = number(i);
    if (size < 1 || elements > file.size() / static_cast<uint64_t>(size)) fail("sizes that fit");
    elements *= static_cast<uint64_t>(size);
    array.sizes.push_back(size);
  }
  if (file.size() != header + elements) fail(fmt::format("{} bytes of data", elements));
  array.bytes.resize(elements);
  file.ReadAt(header, std::as_writable_bytes(std::span(array.bytes)));
  return array;
}

}  // namespace

LabelledPictures ReadIdx(const std::filesystem::path& folder, std::string_view prefix) {
  const std::filesystem::path images = folder / fmt::format("{}-images-idx3-ubyte", prefix);
  Array pixels = ReadArray(images, 3);
  Array labels = ReadArray(folder / fmt::format("{}-labels-idx1-ubyte", prefix), 1);
  if (pixels.sizes[0] != labels.sizes[0] || pixels.sizes[1] != pixels.sizes[2]) {
    Fail(ErrorCode::kBadData, Printable(images.string()),
         "wants {} square pictures, as there are labels, got {} of {}x{}", labels.sizes[0],
         pixels.sizes[0], pixels.sizes[1], pixels.sizes[2]);
  }
  return {.size = pixels.sizes[1],
          .pixels = std::move(pixels.bytes),
          .labels = std::move(labels.bytes)};
}

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
