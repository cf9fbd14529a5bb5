#include "data/dataset_form.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "data/fit.h"

namespace gan::core {
namespace {

constexpr int64_t kMostSide = 8192;

int ChannelsOf(const Survey& survey, const DatasetOptions& options,
               std::vector<std::string>& notes) {
  const auto& seen = survey.channels;
  const bool all_alpha =
      std::ranges::all_of(seen, [](const auto& entry) { return entry.first % 2 == 0; });
  const bool some_alpha =
      std::ranges::any_of(seen, [](const auto& entry) { return entry.first % 2 == 0; });
  int channels = options.channels;
  if (channels == 0) {
    channels = (seen.rbegin()->first >= 3 ? 3 : 1) + (all_alpha ? 1 : 0);
    if (seen.size() > 1) {
      std::string kinds;
      for (const auto& [count, pictures] : seen) {
        kinds += fmt::format("{}{} of {}", kinds.empty() ? "" : ", ", pictures, count);
      }
      notes.push_back(
          fmt::format("the pictures differ in channels ({}); all get {}", kinds, channels));
    }
  }
  if (some_alpha && channels % 2 == 1) notes.push_back("transparent pictures are laid on white");
  return channels;
}

// Moves a choice of `count` of them to the front.
void Choose(std::vector<int64_t>& indices, int64_t count, uint64_t seed) {
  if (count <= 0 || count >= static_cast<int64_t>(indices.size())) return;
  Random random(seed);
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    std::swap(indices[i], indices[i + random.Below(indices.size() - i)]);
  }
  indices.resize(static_cast<size_t>(count));
  std::ranges::sort(indices);
}

}  // namespace

void CheckDatasetOptions(const DatasetOptions& options) {
  static_cast<void>(FitFromName(options.fit));
  if (options.size < 0 || options.size > kMostSide) {
    Fail(ErrorCode::kUsage, "size", "wants 1 to {} pixels, or 0 for the data's own, got {}",
         kMostSide, options.size);
  }
  if (options.channels < 0 || options.channels > 4) {
    Fail(ErrorCode::kUsage, "channels", "wants 1 to 4, or 0 for the data's own, got {}",
         options.channels);
  }
  if (options.limit < 0 || options.limit_per_class < 0) {
    Fail(ErrorCode::kUsage, "limit", "wants 1 picture or more, or 0 for all, got {}",
         std::min(options.limit, options.limit_per_class));
  }
  if (options.threads < 0) {
    Fail(ErrorCode::kUsage, "threads", "wants 1 or more, or 0 for all, got {}", options.threads);
  }
}

std::string SizesText(const Survey& survey) {
  std::vector<std::pair<int64_t, PictureSize>> sizes;
  for (const auto& [size, count] : survey.sizes) sizes.emplace_back(count, size);
  std::ranges::stable_sort(sizes, [](const auto& a, const auto& b) { return a.first > b.first; });
  constexpr size_t kShown = 4;
  std::string out;
  for (size_t i = 0; i < std::min(kShown, sizes.size()); ++i) {
    out += fmt::format("{}{} x {} ({})", i == 0 ? "" : ", ", sizes[i].second.width,
                       sizes[i].second.height, sizes[i].first);
  }
  if (sizes.size() > kShown) out += fmt::format(" and {} more", sizes.size() - kShown);
  return out;
}

CacheForm FormOf(const Survey& survey, const DatasetOptions& options,
                 std::vector<std::string>& notes) {
  GAN_ASSERT(!survey.sizes.empty());
  CacheForm form;
  form.channels = ChannelsOf(survey, options, notes);
  form.bits = survey.bits.rbegin()->first;
  if (options.size > 0) {
    form.height = form.width = options.size;
    return form;
  }
  const PictureSize first = survey.sizes.begin()->first;
  if (survey.sizes.size() > 1 || first.width != first.height || first.width > kMostSide) {
    Fail(ErrorCode::kUsage, "size",
         "the pictures are {}: not squares of one size up to {}; set the size wanted, and fit to "
         "cover, contain or stretch",
         SizesText(survey), kMostSide);
  }
  form.height = form.width = first.width;
  return form;
}

std::vector<int64_t> ChoosePictures(const Collection& collection, const Survey& survey,
                                    const DatasetOptions& options) {
  std::vector<int64_t> chosen = survey.readable;
  if (options.limit_per_class > 0 && !collection.classes().empty()) {
    std::vector<std::vector<int64_t>> by_class(collection.classes().size());
    for (const int64_t i : chosen) by_class[static_cast<size_t>(collection.Label(i))].push_back(i);
    chosen.clear();
    for (size_t c = 0; c < by_class.size(); ++c) {
      Choose(by_class[c], options.limit_per_class, options.seed + 0x9E3779B97F4A7C15u * (c + 1));
      chosen.insert(chosen.end(), by_class[c].begin(), by_class[c].end());
    }
    std::ranges::sort(chosen);
  } else if (options.limit_per_class > 0) {
    Fail(ErrorCode::kUsage, "limit_per_class", "wants data with classes, this has no labels");
  }
  Choose(chosen, options.limit, options.seed);
  return chosen;
}

}  // namespace gan::core
