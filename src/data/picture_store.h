// Files with names: those of a folder, or of a zip archive. What reads data sets sees no
// difference.
#ifndef GAN_DATA_PICTURE_STORE_H_
#define GAN_DATA_PICTURE_STORE_H_

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/collection.h"
#include "formats/limits.h"

namespace gan::core {

// Thread safety: everything is const.
class PictureStore {
 public:
  virtual ~PictureStore() = default;
  PictureStore(const PictureStore&) = delete;
  PictureStore& operator=(const PictureStore&) = delete;

  const std::string& name() const { return name_; }  // printable
  const std::string& kind() const { return kind_; }
  // Paths with '/', sorted, without what is hidden (.x, __MACOSX).
  const std::vector<std::string>& files() const { return files_; }
  const std::vector<std::string>& folders() const {
    return folders_;
  }  // without the '/' at the end

  // Error kBadData, kNoInput, kIo.
  virtual OpenedPicture Open(const std::string& file) const = 0;
  virtual std::string ReadText(const std::string& file) const = 0;

 protected:
  PictureStore(std::string name, std::string kind)
      : name_(std::move(name)), kind_(std::move(kind)) {}
  void Sort();

  std::string name_;
  std::string kind_;
  std::vector<std::string> files_;
  std::vector<std::string> folders_;
};

// Links to files are followed, links to folders are not, so that there is no circle.
std::unique_ptr<PictureStore> OpenFolder(const std::filesystem::path& path);
std::unique_ptr<PictureStore> OpenZip(const std::filesystem::path& path);

// A component of the path begins with '.', or is __MACOSX.
bool IsHidden(std::string_view path);

// What a zip archive of data may have: many more files than a checkpoint. As of Limits, what it
// inflates to is bounded by its own size.
Limits LimitsOfData();

}  // namespace gan::core

#endif  // GAN_DATA_PICTURE_STORE_H_
