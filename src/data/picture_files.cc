#include "data/picture_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "data/labels_csv.h"

namespace gan::core {
namespace {

constexpr size_t kMostClasses = 65'536;

std::string Extension(std::string_view file) {
  const size_t slash = file.rfind('/');
  const std::string_view name = file.substr(slash == std::string_view::npos ? 0 : slash + 1);
  const size_t dot = name.rfind('.');
  std::string out(dot == std::string_view::npos ? "" : name.substr(dot + 1));
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

bool IsPicture(std::string_view file) {
  static constexpr std::array<std::string_view, 15> kExtensions = {
      "png", "jpg", "jpeg", "jpe",  "jfif", "webp", "tif", "tiff",  // read
      "gif", "bmp", "heic", "avif", "jxl",  "ppm",  "pgm"};         // and not
  return std::ranges::find(kExtensions, Extension(file)) != kExtensions.end();
}

// "" for a file at the top.
std::string_view FolderOf(std::string_view file) {
  const size_t slash = file.rfind('/');
  return slash == std::string_view::npos ? "" : file.substr(0, slash);
}

class PictureFiles final : public Collection {
 public:
  PictureFiles(std::unique_ptr<PictureStore> store, const CollectionOptions& options)
      : Collection(store->kind()), store_(std::move(store)) {
    for (const std::string& file : store_->files()) {
      if (IsPicture(file)) pictures_.push_back(file);
    }
    if (pictures_.empty()) Refuse(ErrorCode::kBadData, NothingFound());
    FindRoot(options.split);
    const std::string table = options.labels == "auto" || options.labels == "csv"
                                  ? FindTable(options.labels == "csv")
                                  : "";
    if (!table.empty()) {
      LabelByTable(table);
    } else if (options.labels != "none") {
      LabelByFolders(options.labels == "folders");
    }
    CountOthers(table);
  }

  int64_t count() const override { return static_cast<int64_t>(pictures_.size()); }
  std::string Name(int64_t i) const override { return pictures_[static_cast<size_t>(i)]; }
  OpenedPicture Open(int64_t i) const override {
    return store_->Open(pictures_[static_cast<size_t>(i)]);
  }

 private:
  [[noreturn]] void Refuse(ErrorCode code, std::string_view why) const {
    Fail(code, store_->name(), "{}", why);
  }

  std::string NothingFound() const {
    if (store_->files().empty()) return "is empty: there is no picture in it";
    return fmt::format("holds {} file(s) and no picture (.png, .jpg, .webp, .tif); one is \"{}\"",
                       store_->files().size(), Printable(store_->files().front()));
  }

  // What holds all pictures is passed through; the folder of the split, if there is one, is
  // entered.
  void FindRoot(const std::string& split) {
    Descend();
    const std::string wanted = root_ + split + "/";
    std::vector<std::string> inside;
    std::ranges::copy_if(pictures_, std::back_inserter(inside),
                         [&](const std::string& file) { return file.starts_with(wanted); });
    if (!inside.empty()) {
      pictures_ = std::move(inside);
      root_ = wanted;
    } else if (split != "train" && !(root_.ends_with("/" + split + "/") || root_ == split + "/")) {
      Refuse(ErrorCode::kUsage,
             fmt::format("has no folder \"{}\" for that split", Printable(split)));
    }
  }

  void Descend() {
    for (;;) {
      const std::string_view first = std::string_view(pictures_.front()).substr(root_.size());
      const size_t slash = first.find('/');
      if (slash == std::string_view::npos) return;
      const std::string next = root_ + std::string(first.substr(0, slash + 1));
      if (!pictures_.back().starts_with(next)) return;  // they are sorted
      root_ = next;
    }
  }

  std::string FindTable(bool wanted) const {
    std::vector<std::string> tables;
    for (const std::string& file : store_->files()) {
      if (Extension(file) != "csv") continue;
      const std::string_view folder = FolderOf(file);
      const bool at_top = folder.size() <= root_.size() && root_.starts_with(folder);
      if (at_top && (file == "labels.csv" || file.ends_with("/labels.csv"))) return file;
      tables.push_back(file);
    }
    if (tables.size() == 1 &&
        (wanted || ReadLabelLines(tables[0], store_->ReadText(tables[0])).has_value())) {
      return tables[0];
    }
    if (wanted) {
      Refuse(ErrorCode::kUsage, fmt::format("wants a labels.csv for labels \"csv\", holds {} "
                                            "CSV files",
                                            tables.size()));
    }
    return "";
  }

  void LabelByTable(const std::string& table) {
    const std::string where = fmt::format("{}/{}", store_->name(), Printable(table));
    const auto lines = ReadLabelLines(where, store_->ReadText(table));
    if (!lines) Fail(ErrorCode::kBadData, where, "wants the columns \"file\" and \"label\"");
    const std::string folder(FolderOf(table));
    std::map<std::string, std::string> label_of;
    std::string first_missing;
    size_t missing = 0;
    for (const auto& [file, label] : *lines) {
      const std::string path = folder.empty() ? file : folder + "/" + file;
      const auto [place, is_new] = label_of.emplace(path, label);
      if (!is_new && place->second != label) {
        Fail(ErrorCode::kBadData, where, "gives \"{}\" two labels, \"{}\" and \"{}\"",
             Printable(file), Printable(place->second), Printable(label));
      }
      if (!std::ranges::binary_search(store_->files(), path) && missing++ == 0) {
        first_missing = file;
      }
    }
    if (missing > 0) {
      Fail(ErrorCode::kBadData, where, "names {} file(s) that are not there, \"{}\" first", missing,
           Printable(first_missing));
    }
    std::vector<std::string> labels;
    std::vector<std::string> without;
    for (const std::string& picture : pictures_) {
      const auto found = label_of.find(picture);
      if (found == label_of.end()) without.push_back(picture);
      labels.push_back(found == label_of.end() ? "" : found->second);
    }
    if (!without.empty()) {
      Fail(ErrorCode::kBadData, where, "has no line for {} of {} pictures, \"{}\" first",
           without.size(), pictures_.size(), Printable(without.front()));
    }
    NumberClasses(labels);
  }

  void LabelByFolders(bool wanted) {
    std::vector<std::string> labels;
    std::vector<std::string> at_top;
    for (const std::string& picture : pictures_) {
      const std::string_view folder = FolderOf(std::string_view(picture).substr(root_.size()));
      if (folder.empty()) at_top.push_back(picture);
      labels.emplace_back(folder);
    }
    if (at_top.size() == pictures_.size()) {
      if (wanted) {
        Refuse(ErrorCode::kUsage,
               "wants a folder for each class for labels \"folders\", has all "
               "pictures in one");
      }
      return;
    }
    if (!at_top.empty()) {
      Refuse(ErrorCode::kBadData,
             fmt::format("has {} picture(s) beside the folders of the classes, \"{}\" first; move "
                         "them, or give labels \"none\"",
                         at_top.size(), Printable(at_top.front())));
    }
    RefuseEmptyFolders(std::set<std::string>(labels.begin(), labels.end()));
    NumberClasses(labels);
  }

  // A folder with neither pictures nor folders in it was meant to be a class.
  void RefuseEmptyFolders(const std::set<std::string>& full) const {
    const std::vector<std::string>& folders = store_->folders();
    for (const std::string& folder : folders) {
      if (!folder.starts_with(root_)) continue;
      const std::string relative = folder.substr(root_.size());
      if (relative.empty() || full.contains(relative)) continue;
      const std::string inside = folder + "/";
      const auto next = std::ranges::lower_bound(folders, inside);
      const bool is_leaf = next == folders.end() || !next->starts_with(inside);
      if (is_leaf) {
        Refuse(ErrorCode::kBadData,
               fmt::format("has a class \"{}\" without a single picture; fill or remove its folder",
                           Printable(relative)));
      }
    }
  }

  void NumberClasses(const std::vector<std::string>& labels) {
    const std::set<std::string> names(labels.begin(), labels.end());
    if (names.size() > kMostClasses) {
      Refuse(ErrorCode::kBadData,
             fmt::format("has {} classes, at most {} are read", names.size(), kMostClasses));
    }
    classes_.assign(names.begin(), names.end());
    for (const std::string& label : labels) {
      const auto place = std::ranges::lower_bound(classes_, label) - classes_.begin();
      labels_.push_back(static_cast<int32_t>(place));
    }
  }

  void CountOthers(const std::string& table) {
    size_t others = 0;
    std::string_view first;
    for (const std::string& file : store_->files()) {
      if (IsPicture(file) || file == table) continue;
      if (others++ == 0) first = file;
    }
    if (others > 0) {
      notes_.push_back(fmt::format("{} file(s) that are no pictures are left out, \"{}\" first",
                                   others, Printable(first)));
    }
  }

  std::unique_ptr<PictureStore> store_;
  std::vector<std::string> pictures_;  // sorted
  std::string root_;                   // what all of them begin with, "" or with '/' at the end
};

}  // namespace

std::unique_ptr<Collection> CollectPictureFiles(std::unique_ptr<PictureStore> store,
                                                const CollectionOptions& options) {
  return std::make_unique<PictureFiles>(std::move(store), options);
}

}  // namespace gan::core
