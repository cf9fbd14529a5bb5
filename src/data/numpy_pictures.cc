#include "data/numpy_pictures.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "formats/npy.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

std::vector<int64_t> Integers(std::string_view name, const Tensor& tensor) {
  std::vector<int64_t> out(static_cast<size_t>(tensor.shape().elements()));
  const std::byte* data = tensor.raw().data();
  const auto cast = [&]<class T>(T) {
    for (size_t i = 0; i < out.size(); ++i) {
      T value{};
      std::memcpy(&value, data + i * sizeof value, sizeof value);
      out[i] = static_cast<int64_t>(value);
    }
  };
  switch (tensor.dtype()) {
    case DType::kBool:
    case DType::kU8: cast(uint8_t{}); break;
    case DType::kI8: cast(int8_t{}); break;
    case DType::kI16: cast(int16_t{}); break;
    case DType::kI32: cast(int32_t{}); break;
    case DType::kI64: cast(int64_t{}); break;
    default:
      Fail(ErrorCode::kBadData, name, "wants whole numbers, holds {}", NameOf(tensor.dtype()));
  }
  return out;
}

template <class T>
std::shared_ptr<const void> Narrowed(const std::vector<int64_t>& values, int64_t factor) {
  auto out = std::make_shared<std::vector<T>>();
  out->reserve(values.size());
  for (const int64_t value : values) out->push_back(static_cast<T>(value * factor));
  return {out, out->data()};
}

void TakeIntegers(const Tensor& tensor, PictureArray& out) {
  const std::vector<int64_t> values = Integers(out.name, tensor);
  const auto [least, greatest] = std::ranges::minmax(values);
  if (least < 0 || greatest > std::numeric_limits<uint16_t>::max()) {
    Fail(ErrorCode::kBadData, out.name, "holds integers from {} to {}; samples are 0 to 65535",
         least, greatest);
  }
  const bool is_bool = tensor.dtype() == DType::kBool;
  out.type = greatest > std::numeric_limits<uint8_t>::max() ? SampleType::kU16 : SampleType::kU8;
  out.samples = out.type == SampleType::kU16 ? Narrowed<uint16_t>(values, 1)
                                             : Narrowed<uint8_t>(values, is_bool ? 255 : 1);
}

void TakeFloats(const Tensor& tensor, PictureArray& out) {
  constexpr float kSlack = 1e-3f;  // of arithmetic before the file was written
  auto floats = std::make_shared<Tensor>(tensor.ToFloat().Clone());
  float least = 0, greatest = 0;
  for (const float x : floats->floats()) {
    if (!std::isfinite(x)) continue;  // its picture is left out when it is opened
    least = std::min(least, x);
    greatest = std::max(greatest, x);
  }
  float scale = 1, offset = 0;
  if (least < -kSlack) {
    scale = offset = 0.5f;
  } else if (greatest > 1 + kSlack) {
    scale = 1.0f / 255;
  }
  if (least < -1 - kSlack || greatest * scale + offset > 1 + kSlack) {
    Fail(ErrorCode::kBadData, out.name,
         "holds floats from {} to {}; samples are in [0, 1], [-1, 1] or [0, 255]", least, greatest);
  }
  for (float& x : floats->floats()) x = x * scale + offset;
  out.type = SampleType::kF32;
  out.samples = std::shared_ptr<const void>(floats, floats->raw().data());
}

std::vector<int64_t> LabelsFromTensor(const std::string& name, const Tensor& tensor) {
  const Shape& shape = tensor.shape();
  if (shape.rank() < 1 || shape.elements() != shape[0]) {
    Fail(ErrorCode::kBadData, name,
         "has labels {}, one for each picture is wanted: [N] or [N, 1]; give labels \"none\" to do "
         "without",
         shape.ToString());
  }
  return Integers(name, tensor);
}

Tensor ReadEntry(const fs::path& path, const ZipArchive& archive, const std::string& entry) {
  const ZipEntry* found = archive.Find(entry);
  GAN_ASSERT(found != nullptr);
  const std::vector<std::byte> bytes = archive.Read(*found);
  return ReadNpy(
      MemorySource(fmt::format("{}:{}", Printable(path.native(), 500), Printable(entry)), bytes));
}

// Names of the arrays of pictures and labels, the latter empty when absent.
struct Pair {
  std::string images, labels;
};

Pair ChooseArrays(const fs::path& path, const ZipArchive& archive, const std::string& split) {
  const std::vector<Pair> candidates = {{split + "_images.npy", split + "_labels.npy"},
                                        {"x_" + split + ".npy", "y_" + split + ".npy"},
                                        {"images.npy", "labels.npy"},
                                        {"x.npy", "y.npy"}};
  for (size_t i = 0; i < candidates.size(); ++i) {
    const bool of_split = i < 2;
    if (archive.Find(candidates[i].images) == nullptr) continue;
    if (!of_split && split != "train") break;
    Pair out = candidates[i];
    if (archive.Find(out.labels) == nullptr) out.labels.clear();
    return out;
  }
  if (archive.entries().size() == 1 && split == "train") {
    return {archive.entries().front().name, ""};
  }
  std::string names;
  for (const ZipEntry& entry : archive.entries()) {
    names += (names.empty() ? "" : ", ") + entry.name.substr(0, entry.name.size() - 4);
  }
  Fail(ErrorCode::kUsage, Printable(path.native(), 500),
       "wants an array {0}_images or x_{0} for the split \"{0}\", holds {1}", Printable(split),
       Printable(names, 300));
}

}  // namespace

PictureArray PicturesFromTensor(std::string name, Tensor tensor) {
  PictureArray out;
  out.kind = "NumPy";
  out.name = std::move(name);
  const Shape& shape = tensor.shape();
  if ((shape.rank() != 3 && shape.rank() != 4) || shape.elements() == 0 ||
      (shape.rank() == 4 && shape[3] > 4)) {
    Fail(ErrorCode::kBadData, out.name,
         "is an array {}; pictures are [N, H, W], or [N, H, W, C] with 1 to 4 channels",
         shape.ToString());
  }
  out.count = shape[0];
  out.height = shape[1];
  out.width = shape[2];
  out.channels = shape.rank() == 4 ? shape[3] : 1;
  if (tensor.dtype() == DType::kU8) {
    auto owner = std::make_shared<Tensor>(std::move(tensor));
    out.samples = std::shared_ptr<const void>(owner, owner->raw().data());
  } else if (IsFloating(tensor.dtype())) {
    TakeFloats(tensor, out);
  } else {
    TakeIntegers(tensor, out);
  }
  return out;
}

std::unique_ptr<Collection> CollectNpy(const fs::path& path, const CollectionOptions& options) {
  PictureArray array = PicturesFromTensor(path.filename().native(), ReadNpy(path));
  std::string labels = path.filename().native();
  const size_t at = labels.find("images");
  if (at != std::string::npos && options.labels != "none") {
    labels.replace(at, 6, "labels");
    const fs::path beside = path.parent_path() / labels;
    std::error_code error;
    if (fs::is_regular_file(beside, error)) {
      array.labels = LabelsFromTensor(Printable(beside.native(), 500), ReadNpy(beside));
    }
  }
  return CollectArray(std::move(array), options.labels);
}

std::unique_ptr<Collection> CollectNpz(const fs::path& path, const ZipArchive& archive,
                                       const CollectionOptions& options) {
  const Pair names = ChooseArrays(path, archive, options.split);
  PictureArray array =
      PicturesFromTensor(fmt::format("{}:{}", path.filename().native(), names.images),
                         ReadEntry(path, archive, names.images));
  if (!names.labels.empty() && options.labels != "none") {
    array.labels =
        LabelsFromTensor(fmt::format("{}:{}", Printable(path.native(), 500), names.labels),
                         ReadEntry(path, archive, names.labels));
  }
  return CollectArray(std::move(array), options.labels);
}

bool IsNpz(const ZipArchive& archive) {
  return !archive.entries().empty() &&
         std::ranges::all_of(archive.entries(),
                             [](const ZipEntry& entry) { return entry.name.ends_with(".npy"); });
}

}  // namespace gan::core
