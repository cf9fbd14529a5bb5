#include "data/cifar.h"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "formats/limits.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSide = 32;
constexpr size_t kPlane = kSide * kSide;
constexpr size_t kPixels = 3 * kPlane;

struct Variant {
  const char* kind;
  size_t labels;     // bytes before the picture; the last of them counts
  unsigned coarse;   // the first label is below this
  unsigned classes;  // and the last one below this
  const char* names;
};

constexpr Variant kVariants[] = {
    {"CIFAR-10", 1, 10, 10, "batches.meta.txt"},
    {"CIFAR-100", 2, 20, 100, "fine_label_names.txt"},
};

size_t RecordBytes(const Variant& variant) { return variant.labels + kPixels; }

// Reads labels alone: one small read a record.
bool Fits(const ByteSource& source, const Variant& variant) {
  const size_t record = RecordBytes(variant);
  if (source.size() == 0 || source.size() % record != 0) return false;
  for (uint64_t at = 0; at < source.size(); at += record) {
    const std::vector<std::byte> labels = source.ReadAt(at, uint64_t{variant.labels});
    if (std::to_integer<unsigned>(labels.front()) >= variant.coarse ||
        std::to_integer<unsigned>(labels.back()) >= variant.classes) {
      return false;
    }
  }
  return true;
}

const Variant* VariantOf(const ByteSource& source) {
  for (const Variant& variant : kVariants) {
    if (Fits(source, variant)) return &variant;
  }
  return nullptr;
}

std::vector<std::string> NamesIn(const fs::path& path, size_t wanted) {
  std::vector<std::string> names;
  std::ifstream file(path);
  for (std::string line; names.size() < wanted && std::getline(file, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) names.push_back(Printable(line));
  }
  if (names.size() != wanted) names.clear();
  return names;
}

}  // namespace

bool LooksLikeCifar(const ByteSource& source) { return VariantOf(source) != nullptr; }

void ReadCifar(const ByteSource& source, PictureArray& out, std::vector<std::byte>& samples) {
  const Variant* variant = VariantOf(source);
  if (variant == nullptr || (!out.kind.empty() && out.kind != variant->kind)) {
    Fail(ErrorCode::kBadData, source.name(),
         "is no CIFAR file{}: records of 3073 bytes with a label below 10, or of 3074 with labels "
         "below 20 and 100",
         variant == nullptr ? "" : " of the same kind as those before it");
  }
  out.kind = variant->kind;
  out.channels = 3;
  out.height = out.width = kSide;
  const size_t record = RecordBytes(*variant);
  const auto count = static_cast<size_t>(source.size() / record);
  const size_t before = samples.size();
  samples.resize(before + count * kPixels);
  std::vector<std::byte> bytes(record);
  for (size_t i = 0; i < count; ++i) {
    source.ReadAt(i * record, bytes);
    out.labels.push_back(std::to_integer<int64_t>(bytes[variant->labels - 1]));
    std::byte* picture = samples.data() + before + i * kPixels;
    for (size_t c = 0; c < 3; ++c) {
      const std::byte* plane = bytes.data() + variant->labels + c * kPlane;
      for (size_t p = 0; p < kPlane; ++p) picture[3 * p + c] = plane[p];
    }
  }
  out.count += static_cast<int64_t>(count);
}

std::vector<fs::path> FindCifar(const fs::path& folder, const std::string& split) {
  std::vector<fs::path> train, test;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().native();
    if (!name.ends_with(".bin")) continue;
    if (name.starts_with("data_batch_") || name == "train.bin") train.push_back(entry.path());
    if (name == "test_batch.bin" || name == "test.bin") test.push_back(entry.path());
  }
  if (train.empty() && test.empty()) return {};
  std::vector<fs::path>& wanted = split == "test" ? test : train;
  if (wanted.empty() || (split != "train" && split != "test")) {
    Fail(ErrorCode::kUsage, Printable(folder.native(), 500),
         "holds CIFAR files, none of them for the split \"{}\"", Printable(split));
  }
  std::ranges::sort(wanted);
  return wanted;
}

std::unique_ptr<Collection> CollectCifar(const std::vector<fs::path>& files,
                                         const CollectionOptions& options) {
  GAN_ASSERT(!files.empty());
  PictureArray out;
  auto samples = std::make_shared<std::vector<std::byte>>();
  for (const fs::path& file : files) {
    ReadCifar(FileSource(file, Limits{}.file_bytes), out, *samples);
  }
  out.name =
      files.size() == 1 ? files[0].filename().native() : files[0].parent_path().filename().native();
  out.samples = std::shared_ptr<const void>(samples, samples->data());
  for (const Variant& variant : kVariants) {
    if (out.kind == variant.kind) {
      out.label_names = NamesIn(files[0].parent_path() / variant.names, variant.classes);
    }
  }
  return CollectArray(std::move(out), options.labels);
}

}  // namespace gan::core
