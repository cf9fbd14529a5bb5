// What a collection looks like, from the headers of its pictures: sizes, channels, depth, and which
// of them cannot be read.
#ifndef GAN_DATA_SURVEY_H_
#define GAN_DATA_SURVEY_H_

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/thread_pool.h"
#include "data/collection.h"

namespace gan::core {

struct Unreadable {
  std::string name;    // printable
  std::string reason;  // one line
};

struct PictureSize {
  int64_t width = 0, height = 0;
  auto operator<=>(const PictureSize&) const = default;
};

struct Survey {
  std::vector<int64_t> readable;  // indices into the collection, ascending
  std::vector<Unreadable> unreadable;
  // How many pictures have it.
  std::map<PictureSize, int64_t> sizes;
  std::map<int, int64_t> channels;
  std::map<int, int64_t> bits;
  std::vector<int64_t> of_class;  // readable pictures of each
};

// Opens every picture. Error kBadData: not one of them is readable, or none of some class.
// kInterrupted: cancelled.
Survey SurveyPictures(const Collection& collection, ThreadPool& pool, const ProgressFn& progress,
                      const CancelFlag* cancel);

// Runs `read` for index 0 to count - 1 on the pool; what cannot be read is returned as the reason
// instead of thrown, "" where nothing was wrong. Progress is told from `done` to `done + share`.
std::vector<std::string> ReadEach(int64_t count, ThreadPool& pool, const CancelFlag* cancel,
                                  const std::function<void(int64_t)>& read,
                                  const ProgressFn& progress, double done, double share);

}  // namespace gan::core

#endif  // GAN_DATA_SURVEY_H_
