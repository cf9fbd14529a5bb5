// Pictures for tests: made here, so that no binary file lies in the project.
#ifndef GAN_MEDIA_PICTURE_TESTING_H_
#define GAN_MEDIA_PICTURE_TESTING_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "gan/error.h"
#include "media/picture.h"

namespace gan::core {

// A folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "gan-media-XXXXXX").native();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }
  size_t files() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

// Smooth, different in every channel and corner, and on the levels of `bits`-bit samples exactly.
// Alpha is nowhere 0, where WebP would forget the colour.
inline Tensor TestPicture(int64_t channels, int64_t height, int64_t width, int bits = 8) {
  Tensor picture(DType::kF32, {channels, height, width});
  const float greatest = bits == 8 ? 255 : 65535;
  float* sample = picture.floats().data();
  for (int64_t c = 0; c < channels; ++c) {
    for (int64_t y = 0; y < height; ++y) {
      for (int64_t x = 0; x < width; ++x) {
        const float u = static_cast<float>(x) / static_cast<float>(std::max<int64_t>(1, width - 1));
        const float v =
            static_cast<float>(y) / static_cast<float>(std::max<int64_t>(1, height - 1));
        const bool alpha = channels % 2 == 0 && c == channels - 1;
        const float value = alpha ? 0.25f + 0.5f * u * v : c == 0 ? u : c == 1 ? v : 1 - u;
        *sample++ = std::round(value * greatest) / greatest;
      }
    }
  }
  return picture;
}

inline float LargestDifference(const Tensor& a, const Tensor& b) {
  EXPECT_EQ(a.shape(), b.shape());
  if (a.shape() != b.shape()) return INFINITY;
  float largest = 0;
  for (size_t i = 0; i < a.floats().size(); ++i) {
    largest = std::max(largest, std::fabs(a.floats()[i] - b.floats()[i]));
  }
  return largest;
}

// Rows of a tensor, as a producer.
inline RowProducer RowsOf(const Tensor& picture) {
  return [picture](int64_t first, int64_t count, const TensorView& out) {
    CopyElements(picture.view().Slice(1, first, count), out);
  };
}

inline PictureInfo InfoOf(const Tensor& picture, int bits = 8) {
  PictureInfo info;
  info.colours = picture.shape()[0] < 3 ? 1 : 3;
  info.has_alpha = picture.shape()[0] % 2 == 0;
  info.height = picture.shape()[1];
  info.width = picture.shape()[2];
  info.bits = bits;
  return info;
}

inline std::string FileBytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteBytes(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
}

// The code of the Error that `call` throws, 0 if none. Its text must be one line that has `part`.
inline int CodeOf(const std::function<void()>& call, std::string_view part = "") {
  try {
    call();
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    EXPECT_NE(text.find(part), std::string::npos) << text;
    return static_cast<int>(error.code());
  }
  return 0;
}

}  // namespace gan::core

#endif  // GAN_MEDIA_PICTURE_TESTING_H_
