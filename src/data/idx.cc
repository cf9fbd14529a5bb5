#include "data/idx.h"

#include <algorithm>
#include <array>
#include <limits>
#include <system_error>
#include <utility>

#include "base/checked.h"
#include "base/error.h"
#include "data/array_collection.h"
#include "formats/gzip.h"
#include "formats/limits.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

constexpr size_t kStart = 4;
constexpr unsigned kUnsignedByte = 0x08;
constexpr size_t kMostSizes = 3;

bool IsGzip(const ByteSource& source) {
  if (source.size() < 2) return false;
  const std::vector<std::byte> start = source.ReadAt(0, uint64_t{2});
  return start[0] == std::byte{0x1F} && start[1] == std::byte{0x8B};
}

// Of a plain file.
IdxArray Parse(const ByteSource& source) {
  std::array<std::byte, kStart> start{};
  if (source.size() >= start.size()) source.ReadAt(0, start);
  const auto type = std::to_integer<unsigned>(start[2]);
  const auto rank = std::to_integer<size_t>(start[3]);
  if (start[0] != std::byte{0} || start[1] != std::byte{0} || type < kUnsignedByte || type > 0x0E) {
    Fail(ErrorCode::kBadData, source.name(), "is no IDX file");
  }
  if (type != kUnsignedByte || rank < 1 || rank > kMostSizes) {
    Fail(ErrorCode::kBadData, source.name(),
         "is an IDX file of type 0x{:02x} and rank {}; unsigned bytes (0x08) of rank 1 to {} are "
         "read",
         type, rank, kMostSizes);
  }
  IdxArray out;
  const std::vector<std::byte> sizes = source.ReadAt(kStart, uint64_t{4 * rank});
  for (size_t axis = 0; axis < rank; ++axis) {
    int64_t size = 0;
    for (size_t i = 0; i < 4; ++i) {
      size = size << 8 | std::to_integer<int64_t>(sizes[4 * axis + i]);
    }
    out.sizes.push_back(size);
  }
  const uint64_t offset = kStart + 4 * rank;
  const auto wanted = CheckedProduct(out.sizes);
  if (!wanted || static_cast<uint64_t>(*wanted) != source.size() - offset) {
    Fail(ErrorCode::kBadData, source.name(),
         "is an IDX file of {} bytes of data; its sizes, {}, "
         "want {}; cut short?",
         source.size() - offset, fmt::join(out.sizes, " x "),
         wanted ? std::to_string(*wanted) : "more than can be counted");
  }
  out.data = source.ReadAt(offset, static_cast<uint64_t>(*wanted));
  return out;
}

IdxArray ReadIdx(const fs::path& path) { return ReadIdx(FileSource(path, Limits{}.file_bytes)); }

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  return at == std::string::npos ? std::string() : text.replace(at, from.size(), to);
}

// Empty when there is none.
fs::path LabelsBeside(const fs::path& images) {
  const std::string name = images.filename().native();
  for (const char separator : {'-', '.'}) {
    std::string labels = Replaced(name, fmt::format("images{}idx3", separator),
                                  fmt::format("labels{}idx1", separator));
    if (labels.empty()) continue;
    // One of the two may be compressed and the other not.
    const bool packed = labels.ends_with(".gz");
    const std::string other = packed ? labels.substr(0, labels.size() - 3) : labels + ".gz";
    for (const std::string& candidate : {labels, other}) {
      std::error_code error;
      if (fs::is_regular_file(images.parent_path() / candidate, error)) {
        return images.parent_path() / candidate;
      }
    }
  }
  return {};
}

bool IsOfSplit(const std::string& name, const std::string& split) {
  const size_t images = name.find("images");
  const std::string_view before = std::string_view(name).substr(0, images);
  if (split == "test" && before.find("t10k") != std::string_view::npos) return true;
  return before.find(split) != std::string_view::npos;
}

}  // namespace

IdxArray ReadIdx(const ByteSource& source) {
  if (!IsGzip(source)) return Parse(source);
  const std::vector<std::byte> inflated = InflateGzip(source);
  return Parse(MemorySource(source.name(), inflated));
}

bool LooksLikeIdx(const ByteSource& source) {
  if (source.size() < kStart) return false;
  const std::vector<std::byte> start = source.ReadAt(0, uint64_t{kStart});
  return start[0] == std::byte{0} && start[1] == std::byte{0} &&
         start[2] == std::byte{kUnsignedByte} && start[3] > std::byte{0} &&
         start[3] <= std::byte{kMostSizes};
}

std::unique_ptr<Collection> CollectIdx(const fs::path& images, const CollectionOptions& options) {
  IdxArray array = ReadIdx(images);
  PictureArray out;
  out.kind = "IDX";
  out.name = images.filename().native();
  if (array.sizes.size() != 3) {
    Fail(ErrorCode::kBadData, Printable(images.native(), 500),
         "is an IDX file of rank {}, pictures have rank 3; is it the file of the labels?",
         array.sizes.size());
  }
  out.count = array.sizes[0];
  out.height = array.sizes[1];
  out.width = array.sizes[2];
  auto bytes = std::make_shared<const std::vector<std::byte>>(std::move(array.data));
  out.samples = std::shared_ptr<const void>(bytes, bytes->data());
  const fs::path labels = options.labels == "none" ? fs::path() : LabelsBeside(images);
  if (!labels.empty()) {
    const IdxArray read = ReadIdx(labels);
    if (read.sizes.size() != 1 || read.data.size() != static_cast<size_t>(out.count)) {
      Fail(ErrorCode::kBadData, Printable(labels.native(), 500),
           "wants one label for each of {} pictures, has {}; do the two files belong together?",
           out.count, fmt::join(read.sizes, " x "));
    }
    for (const std::byte label : read.data) out.labels.push_back(std::to_integer<int64_t>(label));
  }
  return CollectArray(std::move(out), options.labels);
}

fs::path FindIdx(const fs::path& folder, const std::string& split) {
  std::vector<fs::path> all, wanted;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().native();
    const bool pictures = name.find("images-idx3") != std::string::npos ||
                          name.find("images.idx3") != std::string::npos;
    if (!pictures || name.front() == '.') continue;
    all.push_back(entry.path());
    if (IsOfSplit(name, split)) wanted.push_back(entry.path());
  }
  if (all.empty()) return {};
  std::ranges::sort(wanted);
  // The same file plain and compressed counts once.
  if (wanted.size() == 2 && wanted[0].native() + ".gz" == wanted[1].native()) wanted.pop_back();
  if (wanted.size() != 1) {
    Fail(wanted.empty() ? ErrorCode::kUsage : ErrorCode::kBadData, Printable(folder.native(), 500),
         "holds {} IDX files, {} of them for the split \"{}\"; {}", all.size(), wanted.size(),
         Printable(split), wanted.empty() ? "choose another" : "name the one that is meant");
  }
  return wanted.front();
}

}  // namespace gan::core
