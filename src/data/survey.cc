#include "data/survey.h"

#include <atomic>

#include "base/error.h"

namespace gan::core {
namespace {

void CheckClasses(const Collection& collection, const Survey& survey) {
  for (size_t c = 0; c < survey.of_class.size(); ++c) {
    if (survey.of_class[c] == 0) {
      Fail(ErrorCode::kBadData, "data", "class \"{}\" has no picture that can be read; {}",
           Printable(collection.classes()[c]),
           survey.unreadable.empty() ? "remove it" : survey.unreadable.front().reason);
    }
  }
}

}  // namespace

std::vector<std::string> ReadEach(int64_t count, ThreadPool& pool, const CancelFlag* cancel,
                                  const std::function<void(int64_t)>& read,
                                  const ProgressFn& progress, double done, double share) {
  std::vector<std::string> reasons(static_cast<size_t>(count));
  std::atomic<int64_t> finished{0};
  pool.ParallelFor(count, [&](int64_t i, int thread) {
    if (cancel != nullptr) cancel->ThrowIfCancelled();
    try {
      read(i);
    } catch (const Error& error) {
      const bool of_the_file = error.code() == ErrorCode::kBadData ||
                               error.code() == ErrorCode::kNoInput ||
                               error.code() == ErrorCode::kIo;
      if (!of_the_file) throw;
      reasons[static_cast<size_t>(i)] = error.what();
    }
    const int64_t so_far = finished.fetch_add(1) + 1;
    if (thread == 0 && progress) {
      progress(done + share * (static_cast<double>(so_far) / static_cast<double>(count)));
    }
  });
  // Thread 0 may have had none of the last ones.
  if (progress && count > 0) progress(done + share);
  return reasons;
}

Survey SurveyPictures(const Collection& collection, ThreadPool& pool, const ProgressFn& progress,
                      const CancelFlag* cancel) {
  const int64_t count = collection.count();
  std::vector<PictureInfo> infos(static_cast<size_t>(count));
  constexpr double kShare = 0.2;  // of the work of opening a data set
  const std::vector<std::string> reasons = ReadEach(
      count, pool, cancel,
      [&](int64_t i) { infos[static_cast<size_t>(i)] = collection.Open(i).info; }, progress, 0,
      kShare);
  Survey out;
  out.of_class.resize(collection.classes().size());
  for (int64_t i = 0; i < count; ++i) {
    const std::string& reason = reasons[static_cast<size_t>(i)];
    if (!reason.empty()) {
      out.unreadable.push_back({Printable(collection.Name(i), 500), reason});
      continue;
    }
    const PictureInfo& info = infos[static_cast<size_t>(i)];
    out.readable.push_back(i);
    ++out.sizes[{info.width, info.height}];
    ++out.channels[info.channels()];
    ++out.bits[info.bits];
    if (collection.Label(i) >= 0) ++out.of_class[static_cast<size_t>(collection.Label(i))];
  }
  if (out.readable.empty()) {
    Fail(ErrorCode::kBadData, "data", "none of {} pictures can be read; the first: {}", count,
         out.unreadable.empty() ? "there is none" : out.unreadable.front().reason);
  }
  CheckClasses(collection, out);
  return out;
}

}  // namespace gan::core
