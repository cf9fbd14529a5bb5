// Pictures by number, whether they lie in files or a generator makes them.
#ifndef GAN_API_PICTURE_SET_H_
#define GAN_API_PICTURE_SET_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/progress.h"
#include "gan/engine.h"
#include "metrics/picture_source.h"
#include "runtime/backend.h"

namespace gan::core {

struct PictureSet {
  PictureSource pictures;  // holds what it needs
  int64_t count = 0;
  uint64_t fingerprint = 0;        // of a data set's pixels
  std::string name;                // for protocols: "mnist, train"
  std::vector<std::string> notes;  // for the user, one line each
};

struct PictureSetOptions {
  int64_t size = 0;     // pixels a side of data; 0: as it is
  int64_t samples = 0;  // at most; 0: all of data, 2000 of a generator
  uint64_t seed = 0;
  std::string cache;
  int threads = 0;
  uint64_t max_memory = 0;
  LoadOptions load;
  const CancelFlag* cancel = nullptr;
};

// A data set. Error as of Dataset::Open.
PictureSet OpenDataPictures(const std::string& path, const std::string& split,
                            const PictureSetOptions& options);

// A data set, a checkpoint, or the folder of a run, told by content. The backend must outlive what
// is returned. Error also as of Model::Load; kBadData: a model that makes pictures from pictures.
PictureSet OpenPictureSet(const std::string& path, const std::string& split,
                          const PictureSetOptions& options, Backend& backend);

}  // namespace gan::core

#endif  // GAN_API_PICTURE_SET_H_
