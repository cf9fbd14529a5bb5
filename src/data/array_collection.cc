#include "data/array_collection.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr size_t kMostClasses = 65'536;
constexpr int64_t kMostSide = 65'536;

size_t BytesOf(SampleType type) {
  return type == SampleType::kU8 ? 1 : type == SampleType::kU16 ? 2 : 4;
}

class ArrayCollection final : public Collection {
 public:
  explicit ArrayCollection(PictureArray array) : Collection(array.kind), array_(std::move(array)) {
    if (!array_.labels.empty()) NumberClasses();
  }

  int64_t count() const override { return array_.count; }
  std::string Name(int64_t i) const override { return fmt::format("{} #{}", array_.name, i); }

  OpenedPicture Open(int64_t i) const override {
    OpenedPicture out;
    out.info.width = array_.width;
    out.info.height = array_.height;
    out.info.colours = array_.channels < 3 ? 1 : 3;
    out.info.has_alpha = array_.channels % 2 == 0;
    out.info.bits = array_.type == SampleType::kU8 ? 8 : 16;
    const int64_t row = array_.width * array_.channels;
    const auto row_bytes = static_cast<size_t>(row) * BytesOf(array_.type);
    const std::byte* picture = static_cast<const std::byte*>(array_.samples.get()) +
                               static_cast<size_t>(i * array_.height) * row_bytes;
    if (array_.type == SampleType::kF32 && !AllFinite({reinterpret_cast<const float*>(picture),
                                                       static_cast<size_t>(row * array_.height)})) {
      Fail(ErrorCode::kBadData, Name(i), "holds NaN or infinity");
    }
    out.rows = [owner = array_.samples, picture, row_bytes, type = array_.type,
                width = array_.width, channels = static_cast<int>(array_.channels)](
                   int64_t first, int64_t count, const TensorView& view) {
      for (int64_t y = 0; y < count; ++y) {
        UnpackRow(type, picture + static_cast<size_t>(first + y) * row_bytes, width, channels,
                  channels, Floats(view) + y * view.strides[1], view.strides[0]);
      }
    };
    return out;
  }

 private:
  void NumberClasses() {
    std::vector<int64_t> values = array_.labels;
    std::ranges::sort(values);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (values.size() > kMostClasses) {
      Fail(ErrorCode::kBadData, array_.name, "has {} different labels, at most {} classes are read",
           values.size(), kMostClasses);
    }
    const std::vector<std::string>& names = array_.label_names;
    for (const int64_t value : values) {
      if (!names.empty() && (value < 0 || static_cast<size_t>(value) >= names.size())) {
        Fail(ErrorCode::kBadData, array_.name, "has a label {}; the names end at {}", value,
             names.size() - 1);
      }
      classes_.push_back(names.empty() ? std::to_string(value) : names[static_cast<size_t>(value)]);
    }
    labels_.reserve(array_.labels.size());
    for (const int64_t label : array_.labels) {
      const auto place = std::ranges::lower_bound(values, label) - values.begin();
      labels_.push_back(static_cast<int32_t>(place));
    }
  }

  PictureArray array_;
};

}  // namespace

std::unique_ptr<Collection> CollectArray(PictureArray array, const std::string& labels_wanted) {
  if (labels_wanted != "auto" && labels_wanted != "none") {
    Fail(ErrorCode::kUsage, array.name,
         "wants labels \"auto\" (those of the file) or \"none\", got \"{}\"",
         Printable(labels_wanted));
  }
  if (array.count < 1 || array.height < 1 || array.width < 1) {
    Fail(ErrorCode::kBadData, array.name, "has {} pictures of {} x {}; at least one is wanted",
         array.count, array.width, array.height);
  }
  if (array.channels < 1 || array.channels > 4 || array.height > kMostSide ||
      array.width > kMostSide) {
    Fail(ErrorCode::kBadData, array.name,
         "has pictures of {} x {} with {} channels; 1 to 4 channels and {} pixels a side are read",
         array.width, array.height, array.channels, kMostSide);
  }
  if (labels_wanted == "none") array.labels.clear();
  if (!array.labels.empty() && static_cast<int64_t>(array.labels.size()) != array.count) {
    Fail(ErrorCode::kBadData, array.name,
         "has {} pictures, its labels are {}; do the two files belong together?", array.count,
         array.labels.size());
  }
  return std::make_unique<ArrayCollection>(std::move(array));
}

}  // namespace gan::core
