// A set of pictures of one size, ready to be trained on: decoded once, then mapped into memory.
#ifndef GAN_DATA_DATASET_H_
#define GAN_DATA_DATASET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "data/survey.h"

namespace gan::core {

struct DatasetOptions {
  // A folder or a zip archive of pictures (PNG, JPEG, WebP, TIFF); an IDX, CIFAR or NumPy file, or
  // the folder such files lie in. Content decides.
  std::string path;
  std::string labels = "auto";  // "auto", "folders", "csv", "none"
  // Where the data has parts: "train", "val", "test". A file that is named itself, and a folder
  // without parts under "train", is taken as it is.
  std::string split = "train";
  int64_t size = 0;           // pixels a side; 0: as the pictures are, which must be squares then
  int channels = 0;           // 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha; 0: as they are
  std::string fit = "cover";  // "cover", "contain", "stretch": see Fit
  int64_t limit = 0;          // of all pictures, only so many, chosen by the seed; 0: all
  int64_t limit_per_class = 0;
  uint64_t seed = 0;
  std::string cache;  // folder; "": $XDG_CACHE_HOME/gan, else ~/.cache/gan
  int threads = 0;    // to decode with; 0: every processor
};

// Copies share the pictures. Thread safety: everything is const.
class Dataset {
 public:
  // Decodes the pictures into a file of the cache folder, or finds it there: a file that is broken,
  // of other options, or older than a change of the data is made anew. Where it cannot be written,
  // the pictures stay in memory and notes() says so. Pictures that cannot be read are left out and
  // listed.
  //
  // Error kNoInput: nothing at the path. kBadData: no data set, no readable picture, a class
  // without one, labels that do not fit. kUsage: an option that makes no sense, or no size where
  // one is needed. kInterrupted: cancelled.
  static Dataset Open(const DatasetOptions& options, const ProgressFn& progress = {},
                      const CancelFlag* cancel = nullptr);

  int64_t count() const;  // at least 1
  int channels() const;
  int64_t height() const;
  int64_t width() const;
  int bits() const;           // 8, or 16 for anything deeper
  int64_t elements() const {  // of a picture
    return channels() * height() * width();
  }
  const std::vector<std::string>& classes() const;  // empty: no labels
  int Label(int64_t i) const;                       // -1: none
  std::string Name(int64_t i) const;                // printable

  // Picture i, [channels, height, width], from -1 (black) to 1. Requires elements() floats.
  void Read(int64_t i, std::span<float> out) const;
  // Its samples as they are stored: u8 or u16, [channels, height, width].
  std::span<const std::byte> Raw(int64_t i) const;

  uint64_t fingerprint() const;  // of pixels and labels: the same for the same data anywhere
  const std::vector<Unreadable>& unreadable() const;
  const std::vector<std::string>& notes() const;  // one line each, for the user
  const std::string& cache_file() const;          // "": kept in memory

  struct State;  // for this folder

 private:
  explicit Dataset(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace gan::core

#endif  // GAN_DATA_DATASET_H_
