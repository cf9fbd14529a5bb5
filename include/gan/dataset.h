// Data sets to train on, looked at before anything is trained.
#ifndef GAN_DATASET_H_
#define GAN_DATASET_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "gan/engine.h"
#include "gan/export.h"
#include "gan/progress.h"

namespace gan {

// What a data set is made into. The fields of a recipe's [data] mean the same (docs/data.md).
struct DatasetOptions {
  std::string labels = "auto";  // "auto", "folders", "csv", "none"
  std::string split = "train";  // of data with parts: "train", "val", "test"
  int64_t size = 0;             // pixels a side; 0: as the pictures are, which must be squares then
  int channels = 0;             // 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha; 0: as they are
  std::string fit = "cover";    // "cover", "contain", "stretch"
  int64_t limit = 0;            // of all pictures, only so many, chosen by the seed; 0: all
  int64_t limit_per_class = 0;
  uint64_t seed = 0;
  std::string cache;  // folder of decoded pictures; "": $XDG_CACHE_HOME/gan, else ~/.cache/gan
  int threads = 0;    // to decode with; 0: every processor
};

// The fields by name. Static memory. Thread-safe.
GAN_API std::span<const Option<DatasetOptions>> DatasetOptionList();

struct DatasetReport {
  struct Class {
    std::string name;
    int64_t pictures = 0;
  };
  struct Size {
    int64_t width = 0, height = 0;  // pixels, in the files
    int64_t pictures = 0;
  };
  struct Problem {
    std::string name;
    std::string reason;
  };
  struct Duplicate {
    std::string name;
    std::string same_as;  // the first one with the same pixels
  };
  std::string path;
  std::string kind;                 // "IDX", "a folder of pictures", ...
  int64_t pictures = 0;             // that can be read, before limits
  std::vector<Class> classes;       // empty: no labels
  std::vector<Size> sizes;          // most frequent first
  std::map<int, int64_t> channels;  // pictures with so many
  std::map<int, int64_t> bits;      // pictures with so many a sample; 8, or 16 for anything deeper
  std::vector<Problem> unreadable;
  std::string no_size;  // why it cannot be used without a size; "": it can, or a size was given

  // The pictures as they are trained on, at the size asked for or, where one is needed, at 64 x 64.
  int64_t used = 0;
  int64_t width = 0, height = 0;
  int used_channels = 0, used_bits = 0;
  int64_t duplicates = 0;           // pictures with the pixels of one before them
  std::vector<Duplicate> examples;  // the first of these
  std::vector<std::string> notes;
  std::string cache_file;  // "": kept in memory
};

// Looks at a folder or a file, decodes it (into the cache, so that training need not), and draws,
// if `sheet` names a file, a contact sheet: a row for each of the first classes, or a square of the
// first pictures.
//
// Error kNoInput: nothing there; kBadData: no data set, no readable picture, labels that do not
// fit, a class without a picture; kUsage: an option that makes no sense; kCannotCreate, kIo: the
// sheet cannot be written; kInterrupted: cancelled. Thread-safe.
GAN_API DatasetReport DescribeDataset(const std::string& path, const DatasetOptions& options = {},
                                      const std::string& sheet = "",
                                      const ProgressFn& progress = {},
                                      const CancelFlag* cancel = nullptr);

// As one JSON object. Thread-safe.
GAN_API std::string ToJson(const DatasetReport& report);

}  // namespace gan

#endif  // GAN_DATASET_H_
