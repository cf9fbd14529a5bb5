#include "data/picture_store.h"

#include <algorithm>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "formats/zip_archive.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostText = uint64_t{256} << 20;
constexpr uint64_t kMostPicture = uint64_t{1} << 30;

OpenedPicture Opened(std::shared_ptr<PictureReader> reader) {
  OpenedPicture out;
  out.info = reader->info();
  out.rows = [reader = std::move(reader)](int64_t first, int64_t count, const TensorView& view) {
    GAN_ASSERT(first == reader->next_row());
    reader->ReadRows(count, view);
  };
  return out;
}

std::string Text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class FolderStore final : public PictureStore {
 public:
  explicit FolderStore(const fs::path& path)
      : PictureStore(Printable(path.native(), 500), "a folder of pictures"), path_(path) {
    std::error_code error;
    fs::recursive_directory_iterator walk(path, fs::directory_options::skip_permission_denied,
                                          error);
    if (error) Fail(ErrorCode::kNoInput, name_, "cannot be opened: {}", error.message());
    for (; walk != fs::recursive_directory_iterator(); walk.increment(error)) {
      const std::string relative = walk->path().lexically_relative(path).generic_string();
      std::error_code ignored;
      if (IsHidden(relative)) {
        walk.disable_recursion_pending();
      } else if (walk->is_directory(ignored)) {
        folders_.push_back(relative);
      } else {
        files_.push_back(relative);
      }
    }
    if (error) Fail(ErrorCode::kIo, name_, "cannot be listed: {}", error.message());
    Sort();
  }

  OpenedPicture Open(const std::string& file) const override {
    return Opened(std::make_shared<PictureReader>(path_ / file));
  }

  std::string ReadText(const std::string& file) const override {
    const InputFile input(path_ / file);
    if (input.size() > kMostText) {
      Fail(ErrorCode::kBadData, input.name(), "has more than {} bytes", kMostText);
    }
    return Text(input.ReadAt(0, static_cast<size_t>(input.size())));
  }

 private:
  fs::path path_;
};

class ZipStore final : public PictureStore {
 public:
  explicit ZipStore(const fs::path& path)
      : PictureStore(Printable(path.native(), 500), "a zip archive of pictures"),
        source_(path, LimitsOfData().file_bytes),
        archive_(source_, LimitsOfData()) {
    for (const ZipEntry& entry : archive_.entries()) {
      if (IsHidden(entry.name)) continue;
      if (entry.IsFolder()) {
        folders_.push_back(entry.name.substr(0, entry.name.size() - 1));
      } else {
        files_.push_back(entry.name);
      }
    }
    Sort();
  }

  OpenedPicture Open(const std::string& file) const override {
    // The bytes live as long as the reader: both in one object.
    struct Held {
      std::vector<std::byte> bytes;
      std::optional<PictureReader> reader;
    };
    auto held = std::make_shared<Held>();
    held->bytes = Bytes(file, kMostPicture);
    held->reader.emplace(Printable(file), held->bytes);
    return Opened(std::shared_ptr<PictureReader>(held, &*held->reader));
  }

  std::string ReadText(const std::string& file) const override {
    return Text(Bytes(file, kMostText));
  }

 private:
  std::vector<std::byte> Bytes(const std::string& file, uint64_t most) const {
    const ZipEntry* entry = archive_.Find(file);
    GAN_ASSERT(entry != nullptr);
    if (entry->size > most) {
      Fail(ErrorCode::kBadData, Printable(file), "has more than {} bytes", most);
    }
    return archive_.Read(*entry);
  }

  FileSource source_;
  ZipArchive archive_;
};

}  // namespace

void PictureStore::Sort() {
  std::ranges::sort(files_);
  std::ranges::sort(folders_);
}

std::unique_ptr<PictureStore> OpenFolder(const fs::path& path) {
  return std::make_unique<FolderStore>(path);
}

std::unique_ptr<PictureStore> OpenZip(const fs::path& path) {
  return std::make_unique<ZipStore>(path);
}

bool IsHidden(std::string_view path) {
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.starts_with('.') || part == "__MACOSX") return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
  return false;
}

Limits LimitsOfData() {
  Limits limits;
  limits.file_bytes = uint64_t{1} << 40;
  limits.inflated_bytes = uint64_t{1} << 42;
  limits.zip_entries = 10'000'000;
  return limits;
}

}  // namespace gan::core
