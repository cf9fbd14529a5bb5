#include "gan/dataset.h"

#include <algorithm>
#include <utility>

#include "api/progress_state.h"
#include "base/error.h"
#include "base/thread_pool.h"
#include "data/collection.h"
#include "data/contact_sheet.h"
#include "data/dataset.h"
#include "data/dataset_form.h"
#include "data/survey.h"
#include "media/picture.h"

namespace gan {
namespace {

constexpr int64_t kSizeToShow = 64;
constexpr size_t kExamples = 10;

core::DatasetOptions CoreOptions(const std::string& path, const DatasetOptions& options) {
  core::DatasetOptions out;
  out.path = path;
  out.labels = options.labels;
  out.split = options.split;
  out.size = options.size;
  out.channels = options.channels;
  out.fit = options.fit;
  out.limit = options.limit;
  out.limit_per_class = options.limit_per_class;
  out.seed = options.seed;
  out.cache = options.cache;
  out.threads = options.threads;
  return out;
}

void DescribeFiles(const core::Collection& collection, const core::Survey& survey,
                   DatasetReport& out) {
  out.kind = collection.kind();
  out.pictures = static_cast<int64_t>(survey.readable.size());
  for (size_t c = 0; c < survey.of_class.size(); ++c) {
    out.classes.push_back({core::Printable(collection.classes()[c]), survey.of_class[c]});
  }
  for (const auto& [size, count] : survey.sizes) {
    out.sizes.push_back({size.width, size.height, count});
  }
  std::ranges::stable_sort(out.sizes,
                           [](const auto& a, const auto& b) { return a.pictures > b.pictures; });
  out.channels = survey.channels;
  out.bits = survey.bits;
}

// Why there is no size, "" if there is one.
std::string SizeProblem(const core::Survey& survey, const core::DatasetOptions& options) {
  std::vector<std::string> notes;
  try {
    core::FormOf(survey, options, notes);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

void DescribePictures(const core::Dataset& data, DatasetReport& out) {
  out.used = data.count();
  out.width = data.width();
  out.height = data.height();
  out.used_channels = data.channels();
  out.used_bits = data.bits();
  out.notes = data.notes();
  out.cache_file = data.cache_file();
  for (const core::Unreadable& one : data.unreadable()) {
    out.unreadable.push_back({one.name, one.reason});
  }
  const auto duplicates = core::FindDuplicates(data);
  out.duplicates = static_cast<int64_t>(duplicates.size());
  for (size_t i = 0; i < std::min(kExamples, duplicates.size()); ++i) {
    out.examples.push_back({data.Name(duplicates[i].first), data.Name(duplicates[i].second)});
  }
}

}  // namespace

DatasetReport DescribeDataset(const std::string& path, const DatasetOptions& options,
                              const std::string& sheet, const ProgressFn& progress,
                              const CancelFlag* cancel) {
  core::DatasetOptions wanted = CoreOptions(path, options);
  core::CheckDatasetOptions(wanted);
  // Said before a long job, not after it.
  if (!sheet.empty()) static_cast<void>(core::FormatFromExtension(sheet));
  DatasetReport out;
  out.path = path;
  {
    const auto collection = core::OpenCollection(path, {options.labels, options.split});
    core::ThreadPool pool(options.threads);
    const core::Survey survey = core::SurveyPictures(*collection, pool, {}, CoreFlag(cancel));
    DescribeFiles(*collection, survey, out);
    out.no_size = SizeProblem(survey, wanted);
  }
  if (!out.no_size.empty()) wanted.size = kSizeToShow;
  const core::Dataset data = core::Dataset::Open(wanted, progress, CoreFlag(cancel));
  DescribePictures(data, out);
  if (!sheet.empty()) core::WritePicture(sheet, core::ContactSheet(data));
  return out;
}

}  // namespace gan
