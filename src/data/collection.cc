#include "data/collection.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "data/cifar.h"
#include "data/idx.h"
#include "data/numpy_pictures.h"
#include "data/picture_files.h"
#include "data/picture_store.h"
#include "formats/detect.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<Collection> OpenFolderAt(const fs::path& path, const CollectionOptions& options) {
  const fs::path idx = FindIdx(path, options.split);
  if (!idx.empty()) return CollectIdx(idx, options);
  const std::vector<fs::path> cifar = FindCifar(path, options.split);
  if (!cifar.empty()) return CollectCifar(cifar, options);
  return CollectPictureFiles(OpenFolder(path), options);
}

std::unique_ptr<Collection> OpenArchive(const fs::path& path, const CollectionOptions& options) {
  {
    const FileSource source(path, LimitsOfData().file_bytes);
    const ZipArchive archive(source, LimitsOfData());
    if (IsNpz(archive)) return CollectNpz(path, archive, options);
  }
  return CollectPictureFiles(OpenZip(path), options);
}

std::unique_ptr<Collection> OpenFile(const fs::path& path, const CollectionOptions& options) {
  FileFormat format{};
  {
    const FileSource source(path, LimitsOfData().file_bytes);
    if (LooksLikeIdx(source)) return CollectIdx(path, options);
    format = DetectFormat(source);
    // CIFAR has no mark and may look like anything: what has one comes first.
    const bool marked =
        format == FileFormat::kZip || format == FileFormat::kNpy || format == FileFormat::kGzip;
    if (!marked && LooksLikeCifar(source)) return CollectCifar({path}, options);
  }
  switch (format) {
    case FileFormat::kZip: return OpenArchive(path, options);
    case FileFormat::kNpy: return CollectNpy(path, options);
    case FileFormat::kGzip: return CollectIdx(path, options);
    default: break;
  }
  constexpr std::array kPictures = {FileFormat::kPng, FileFormat::kJpeg, FileFormat::kWebp,
                                    FileFormat::kTiff};
  const bool is_picture = std::ranges::find(kPictures, format) != kPictures.end();
  Fail(ErrorCode::kBadData, Printable(path.native(), 500),
       "is {}; data sets are folders or zip archives of pictures, IDX, CIFAR and NumPy files{}",
       Describe(format), is_picture ? ": give the folder that the picture lies in" : "");
}

}  // namespace

std::unique_ptr<Collection> OpenCollection(const std::string& path,
                                           const CollectionOptions& options) {
  constexpr std::array<std::string_view, 4> kLabels = {"auto", "folders", "csv", "none"};
  if (std::ranges::find(kLabels, options.labels) == kLabels.end()) {
    Fail(ErrorCode::kUsage, "labels", "wants auto, folders, csv or none, got \"{}\"",
         Printable(options.labels));
  }
  if (options.split.empty() || options.split.find('/') != std::string::npos) {
    Fail(ErrorCode::kUsage, "split", "wants a name like train, val or test, got \"{}\"",
         Printable(options.split));
  }
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    Fail(ErrorCode::kNoInput, Printable(path, 500), "is not there; a data set is wanted");
  }
  return fs::is_directory(status) ? OpenFolderAt(path, options) : OpenFile(path, options);
}

}  // namespace gan::core
