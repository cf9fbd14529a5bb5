// Pictures as they were found on disk, before anything is decoded: names, labels, and a way to open
// each. What they lie in (a folder, a zip archive, arrays) is forgotten here.
#ifndef GAN_DATA_COLLECTION_H_
#define GAN_DATA_COLLECTION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "media/picture.h"

namespace gan::core {

// A picture whose header was read; its rows can be asked for once, in order. Owns all it needs.
struct OpenedPicture {
  PictureInfo info;
  RowProducer rows;
};

// Thread safety: everything is const.
class Collection {
 public:
  virtual ~Collection() = default;
  Collection(const Collection&) = delete;
  Collection& operator=(const Collection&) = delete;

  virtual int64_t count() const = 0;
  // As a user would name it: "cats/7.png", "train-images-idx3-ubyte.gz #12". Not yet printable.
  virtual std::string Name(int64_t i) const = 0;
  // Error kBadData, kNoInput, kIo: this picture cannot be read; the others may.
  virtual OpenedPicture Open(int64_t i) const = 0;

  const std::string& kind() const { return kind_; }  // "a folder of pictures", "IDX", ...
  const std::vector<std::string>& classes() const { return classes_; }  // empty: no labels
  int Label(int64_t i) const {                                          // -1: none
    return labels_.empty() ? -1 : labels_[static_cast<size_t>(i)];
  }
  const std::vector<std::string>& notes() const { return notes_; }  // what a user should know

 protected:
  explicit Collection(std::string kind) : kind_(std::move(kind)) {}

  std::string kind_;
  std::vector<std::string> classes_;
  std::vector<int32_t> labels_;  // empty, or one for each picture
  std::vector<std::string> notes_;
};

// Where the labels come from, and which part of the data is meant: see DatasetOptions.
struct CollectionOptions {
  std::string labels = "auto";
  std::string split = "train";
};

// What lies at `path`, told by content. Error kNoInput: nothing is there. Error kBadData: nothing
// that holds pictures, labels that do not fit the pictures, a class without pictures. Error kUsage:
// labels or a split that this kind of data does not have.
std::unique_ptr<Collection> OpenCollection(const std::string& path,
                                           const CollectionOptions& options);

}  // namespace gan::core

#endif  // GAN_DATA_COLLECTION_H_
