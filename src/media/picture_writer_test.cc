#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <vector>

#include "base/system.h"
#include "media/picture_testing.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GAN_ADDRESS_SANITIZER 1
#endif
#endif

#ifdef GAN_ADDRESS_SANITIZER
// libvips 8.14 forgets the container of a WebP that cannot be written.
extern "C" const char* __lsan_default_suppressions() { return "leak:libwebpmux"; }
constexpr bool kAddressSanitizer = true;
#else
constexpr bool kAddressSanitizer = false;
#endif

namespace gan::core {
namespace {

TEST(PictureWriter, AsksForRowsInOrderOnceInSmallPortions) {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.jpg", "a.tif", "a.webp"}) {
    const Tensor picture = TestPicture(3, 333, 70);
    int64_t next = 0;
    std::vector<double> progress;
    PictureWriteOptions options;
    options.progress = [&](double share) { progress.push_back(share); };
    WritePicture(
        folder / name, InfoOf(picture),
        [&](int64_t first, int64_t count, const TensorView& out) {
          EXPECT_EQ(first, next);
          EXPECT_LE(count, 64);
          EXPECT_TRUE(out.IsContiguous());
          EXPECT_EQ(out.shape, (Shape{3, count, 70}));
          next += count;
          RowsOf(picture)(first, count, out);
        },
        nullptr, options);
    EXPECT_EQ(next, 333) << name;
    EXPECT_TRUE(std::is_sorted(progress.begin(), progress.end()));
    EXPECT_EQ(progress.back(), 1.0);
  }
}

TEST(PictureWriter, ThreadsConvertToTheSameSamples) {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.jpg"}) {  // JPEG has no alpha: it is laid on a background
    const Tensor picture = TestPicture(4, 333, 70);
    PictureWriteOptions options;
    WritePicture(folder / name, InfoOf(picture), RowsOf(picture), nullptr, options);
    const Tensor alone = ReadPicture(folder / name);
    ThreadPool pool(3);
    options.pool = &pool;
    WritePicture(folder / name, InfoOf(picture), RowsOf(picture), nullptr, options);
    EXPECT_TRUE(std::ranges::equal(ReadPicture(folder / name).raw(), alone.raw())) << name;
  }
}

// Packed by the one who gives them: the file is that of the same rows as floats.
TEST(PictureWriter, PackedRowsMakeTheSameFile) {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.jpg", "a.tif"}) {
    Tensor picture = TestPicture(4, 70, 133);
    const PictureWriteOptions options{.background = {0.2f, 0.4f, 0.6f}};
    WritePicture(folder / name, InfoOf(picture), RowsOf(picture), nullptr, options);
    const Tensor expected = ReadPicture(folder / name);
    const auto format = PixelFormatFor(folder / name, InfoOf(picture), options);
    ASSERT_TRUE(format);
    int64_t next = 0;
    const auto rows = [&](int64_t first, int64_t count, void* pixels, int64_t stride) {
      EXPECT_EQ(first, next);
      next += count;
      for (int64_t y = 0; y < count; ++y) {
        PackPixels(*format, picture.floats().data() + (first + y) * 133, 70 * 133, 133,
                   static_cast<std::byte*>(pixels) + y * stride);
      }
    };
    WritePixels(folder / name, InfoOf(picture), rows, nullptr, options);
    EXPECT_EQ(next, 70);
    EXPECT_TRUE(std::ranges::equal(ReadPicture(folder / name).raw(), expected.raw())) << name;
  }
  PictureWriteOptions options;
  options.width = 66;
  EXPECT_FALSE(PixelFormatFor(folder / "a.png", InfoOf(TestPicture(3, 70, 133)), options));
}

TEST(PictureWriter, WrongOptionsAreToldBeforeAnyRow) {
  const TemporaryFolder folder;
  const auto code = [&](const char* name, int64_t width, int64_t height,
                        const std::function<void(PictureWriteOptions&)>& change, const char* part) {
    PictureInfo info;
    info.width = width;
    info.height = height;
    PictureWriteOptions options;
    change(options);
    const auto rows = [](int64_t, int64_t, const TensorView&) { FAIL() << "asked for rows"; };
    const int result =
        CodeOf([&] { WritePicture(folder / name, info, rows, nullptr, options); }, part);
    EXPECT_EQ(CodeOf([&] { CheckPictureOptions(folder / name, info, options); }), result);
    return result;
  };
  const auto nothing = [](PictureWriteOptions&) {};
  EXPECT_EQ(code("a.gif", 9, 9, nothing, "extension"), 64);
  EXPECT_EQ(code("a.webp", 16384, 9, nothing, "16383"), 64);
  EXPECT_EQ(code("a.jpg", 9, 65501, nothing, "65500"), 64);
  EXPECT_EQ(code(
                "a.jpg", 9, 9, [](auto& o) { o.bits = 16; }, "holds 8"),
            64);
  EXPECT_EQ(code(
                "a.png", 9, 9, [](auto& o) { o.bits = 12; }, "8 or 16"),
            64);
  EXPECT_EQ(code(
                "a.png", 9, 9, [](auto& o) { o.quality = 0; }, "quality"),
            64);
  EXPECT_EQ(code(
                "a.png", 9, 9, [](auto& o) { o.png_compression = 10; }, "compression"),
            64);
  EXPECT_EQ(code(
                "a.png", 9, 9, [](auto& o) { o.width = 0; }, "0 x"),
            64);
  EXPECT_EQ(code(
                "a.png", 9, 9, [](auto& o) { o.height = -5; }, "-5"),
            64);
  EXPECT_EQ(code(
                "a.png", 9, 9, [](auto& o) { o.width = int64_t{1} << 40; }, "a side"),
            64);
  EXPECT_EQ(code(
                "a.png", 999, 999, [](auto& o) { o.width = 20; }, "1/32"),
            64);
  EXPECT_EQ(folder.files(), 0u);
}

TEST(PictureWriter, ResizesWithProportions) {
  const TemporaryFolder folder;
  const Tensor picture = TestPicture(3, 40, 60);
  const auto shape = [&](std::optional<int64_t> width, std::optional<int64_t> height) {
    PictureWriteOptions options;
    options.width = width;
    options.height = height;
    WritePicture(folder / "a.png", picture, options);
    return ReadPicture(folder / "a.png").shape();
  };
  EXPECT_EQ(shape(45, std::nullopt), (Shape{3, 30, 45}));
  EXPECT_EQ(shape(std::nullopt, 13), (Shape{3, 13, 20}));
  EXPECT_EQ(shape(7, 91), (Shape{3, 91, 7}));
  EXPECT_EQ(shape(60, 40), (Shape{3, 40, 60}));
  EXPECT_EQ(LargestDifference(ReadPicture(folder / "a.png"), picture), 0);
}

TEST(PictureWriter, JpegLaysTransparencyOnTheBackground) {
  const TemporaryFolder folder;
  Tensor picture = Tensor::Zeros(DType::kF32, {4, 32, 32});
  WritePicture(folder / "a.jpg", picture);
  const Tensor white = ReadPicture(folder / "a.jpg");
  EXPECT_EQ(white.shape(), (Shape{3, 32, 32}));
  for (const float sample : white.floats()) ASSERT_NEAR(sample, 1, 0.01);
}

TEST(PictureWriter, NonFiniteSamplesGiveNoFile) {
  const TemporaryFolder folder;
  for (const char* name : {"a.png", "a.jpg", "a.tif", "a.webp"}) {
    for (const float bad : {std::nanf(""), INFINITY}) {
      for (const int64_t channels : {3, 4}) {
        Tensor picture = TestPicture(channels, 50, 20);
        picture.floats()[static_cast<size_t>(channels) * 1000 - 1] = bad;
        EXPECT_EQ(CodeOf([&] { WritePicture(folder / name, picture); }, "NaN or infinite"), 70);
        PictureWriteOptions options;
        options.width = 33;
        EXPECT_EQ(CodeOf([&] { WritePicture(folder / name, picture, options); }, "NaN"), 70);
      }
    }
  }
  EXPECT_EQ(folder.files(), 0u);
}

TEST(PictureWriter, ExceptionsAndCancellingLeaveTheOldFile) {
  const TemporaryFolder folder;
  WriteBytes(folder / "a.png", "old");
  PictureInfo info;
  info.width = info.height = 100;
  const auto throws = [](int64_t first, int64_t, const TensorView& out) {
    std::fill_n(Floats(out), out.shape.elements(), 0.0f);
    if (first > 40) throw Error(ErrorCode::kBadData, "[test] mine");
  };
  EXPECT_EQ(CodeOf([&] { WritePicture(folder / "a.png", info, throws, nullptr, {}); }, "mine"), 65);
  CancelFlag cancel;
  PictureWriteOptions options;
  options.cancel = &cancel;
  const auto cancels = [&](int64_t first, int64_t, const TensorView& out) {
    std::fill_n(Floats(out), out.shape.elements(), 0.0f);
    EXPECT_LT(first, 60);
    if (first > 30) cancel.Cancel();
  };
  EXPECT_EQ(CodeOf([&] { WritePicture(folder / "a.png", info, cancels, nullptr, options); }), 130);
  EXPECT_EQ(FileBytes(folder / "a.png"), "old");
  EXPECT_EQ(folder.files(), 1u);
}

TEST(PictureWriter, PlacesThatCannotBeWritten) {
  const TemporaryFolder folder;
  const Tensor picture = TestPicture(3, 100, 100);
  EXPECT_EQ(CodeOf([&] { WritePicture(folder / "none/a.png", picture); }, "created"), 73);
  EXPECT_EQ(CodeOf([&] { WritePicture("/proc/a.png", picture); }, "created"), 73);
  std::filesystem::create_directory(folder / "b.png");
  EXPECT_EQ(CodeOf([&] { WritePicture(folder / "b.png", picture); }, "folder"), 73);
  for (const PictureFormat format :
       {PictureFormat::kPng, PictureFormat::kJpeg, PictureFormat::kWebp, PictureFormat::kTiff}) {
    PictureWriteOptions options;
    options.format = format;
    EXPECT_EQ(CodeOf([&] { WritePicture("/dev/full", picture, options); }, "/dev/full"), 74)
        << NameOf(format);
  }
}

// A file may not grow past a limit: what a full disk does, but reproducible.
TEST(PictureWriter, FullDiskLeavesTheOldFile) {
  const TemporaryFolder folder;
  Tensor noise(DType::kF32, {3, 300, 300});
  uint32_t state = 1;
  for (float& sample : noise.floats()) {
    state = state * 1664525 + 1013904223;
    sample = static_cast<float>(state >> 8) / 16777216.0f;
  }
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  for (const char* name : {"a.png", "a.jpg", "a.tif", "a.webp"}) {
    WriteBytes(folder / name, "old");
    rlimit small = old;
    small.rlim_cur = 20'000;
    setrlimit(RLIMIT_FSIZE, &small);
    const int code = CodeOf([&] { WritePicture(folder / name, noise); }, "cannot be written");
    setrlimit(RLIMIT_FSIZE, &old);
    EXPECT_EQ(code, 74) << name;
    EXPECT_EQ(FileBytes(folder / name), "old") << name;
  }
  EXPECT_EQ(folder.files(), 4u);
}

// 48 MB of samples a file; what libvips holds must be far less.
TEST(PictureWriter, MemoryDoesNotGrowWithThePicture) {
  if (kAddressSanitizer) GTEST_SKIP() << "AddressSanitizer keeps memory that is freed";
  const TemporaryFolder folder;
  PictureInfo info;
  info.width = 2000;
  info.height = 8000;
  const auto rows = [](int64_t, int64_t, const TensorView& out) {
    std::fill_n(Floats(out), out.shape.elements(), 0.5f);
  };
  for (const char* name : {"a.png", "a.jpg", "a.tif"}) {
    PictureWriteOptions options;
    options.png_compression = 1;
    options.tiff_compression = TiffCompression::kNone;
    WritePicture(folder / name, InfoOf(TestPicture(3, 64, 2000)), RowsOf(TestPicture(3, 64, 2000)),
                 nullptr, options);
    const uint64_t before = PeakResidentMemory();
    WritePicture(folder / name, info, rows, nullptr, options);
    PictureReader reader(folder / name);
    Tensor part(DType::kF32, {3, 100, 2000});
    for (int64_t y = 0; y < info.height; y += 100) reader.ReadRows(100, part.view());
    EXPECT_LT(PeakResidentMemory() - before, uint64_t{20} << 20) << name;
  }
}

}  // namespace
}  // namespace gan::core
