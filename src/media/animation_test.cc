#include "media/animation.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "base/error.h"
#include "media/vips_library.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class Animation : public testing::Test {
 protected:
  Animation() { fs::create_directories(folder_); }
  ~Animation() override { fs::remove_all(folder_); }

  static Tensor Frame(int64_t channels, float value) {
    Tensor frame(DType::kF32, {channels, 6, 8});
    for (float& sample : frame.floats()) sample = value;
    // Alpha, where there is some, is whole.
    if (channels % 2 == 0) {
      for (int64_t i = (channels - 1) * 48; i < channels * 48; ++i) {
        frame.floats()[static_cast<size_t>(i)] = 1;
      }
    }
    return frame;
  }

  fs::path folder_ = fs::temp_directory_path() / fmt::format("gan_animation_{}", getpid());
};

// All pages of the file, one below another.
ImagePtr Read(const fs::path& path) {
  StartVips();
  ImagePtr image(vips_image_new_from_file(path.c_str(), "n", -1, nullptr));
  EXPECT_NE(image, nullptr) << TakeVipsError();
  return image;
}

double SampleAt(const ImagePtr& image, int x, int y) {
  double* values = nullptr;
  int bands = 0;
  EXPECT_EQ(vips_getpoint(image.get(), &values, &bands, x, y, nullptr), 0);
  const double value = values[0];
  g_free(values);
  return value;
}

TEST_F(Animation, KeepsFramesOrderAndTime) {
  for (const char* name : {"a.webp", "a.gif"}) {
    for (const int64_t channels : {1, 2, 3, 4}) {
      SCOPED_TRACE(testing::Message() << name << ", " << channels << " channels");
      const fs::path path = folder_ / name;
      WriteAnimation(path, 3, [&](int64_t i) { return Frame(channels, static_cast<float>(i) / 2); },
                     {.frame_milliseconds = 80});
      const ImagePtr image = Read(path);
      ASSERT_NE(image, nullptr);
      int pages = 0, page_height = 0;
      vips_image_get_int(image.get(), "n-pages", &pages);
      vips_image_get_int(image.get(), "page-height", &page_height);
      EXPECT_EQ(pages, 3);
      EXPECT_EQ(page_height, 6);
      EXPECT_EQ(image->Xsize, 8);
      int* delays = nullptr;
      int count = 0;
      ASSERT_EQ(vips_image_get_array_int(image.get(), "delay", &delays, &count), 0);
      EXPECT_EQ(delays[0], 80);
      for (int i = 0; i < 3; ++i) EXPECT_NEAR(SampleAt(image, 4, i * 6 + 3), i * 127.5, 1);
    }
  }
}

TEST_F(Animation, WebpSaysThatAModelMadeIt) {
  const fs::path path = folder_ / "a.webp";
  WriteAnimation(path, 2, [](int64_t i) { return Frame(3, static_cast<float>(i)); },
                 {.provenance = Provenance::kSampled});
  const ImagePtr image = Read(path);
  const void* data = nullptr;
  size_t size = 0;
  ASSERT_EQ(vips_image_get_blob(image.get(), VIPS_META_XMP_NAME, &data, &size), 0);
  const std::string xmp(static_cast<const char*>(data), size);
  EXPECT_NE(xmp.find("trainedAlgorithmicMedia"), std::string::npos);
}

TEST_F(Animation, LeavesNothingBehindWhenItFails) {
  const auto grey = [](int64_t) { return Frame(1, 0.5f); };
  EXPECT_THROW(WriteAnimation(folder_ / "a.mp4", 2, grey), Error);
  EXPECT_THROW(WriteAnimation(folder_ / "a.gif", 2, grey, {.frame_milliseconds = 1}), Error);
  EXPECT_THROW(WriteAnimation(folder_ / "a.gif", int64_t{1} << 40, grey), Error);
  EXPECT_THROW(WriteAnimation(folder_ / "a.gif", 2, [](int64_t) { return Frame(1, NAN); }), Error);
  CancelFlag cancel;
  cancel.Cancel();
  EXPECT_THROW(WriteAnimation(folder_ / "a.gif", 2, grey, {.cancel = &cancel}), Error);
  EXPECT_TRUE(fs::is_empty(folder_));
}

}  // namespace
}  // namespace gan::core
