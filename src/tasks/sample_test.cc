#include "tasks/sample.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.h"
#include "tasks/sample_manifest.h"
#include "tasks/test_generator.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class Sample : public testing::Test {
 protected:
  Sample() { fs::create_directories(root_); }
  ~Sample() override { fs::remove_all(root_); }

  static std::string Text(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      if (!entry.is_directory()) files.push_back(fs::relative(entry.path(), root_).string());
    }
    std::ranges::sort(files);
    return files;
  }

  fs::path root_ = fs::temp_directory_path() / fmt::format("gan_sample_{}", getpid());
};

TEST_F(Sample, ASheetHoldsEveryPictureInItsPlace) {
  for (const int64_t channels : {1, 2, 3, 4}) {
    TestGenerator network({.channels = channels});
    const SampleSource source{.network = network};
    SampleOptions options{.request = {.count = 6}, .seed = 3};
    const SampleResult result = SampleTo(source, root_ / "sheet.png", options);
    EXPECT_EQ(result.form, SampleForm::kSheet);
    EXPECT_EQ(result.pictures, 6);
    PictureReader reader(root_ / "sheet.png");
    EXPECT_EQ(reader.info().channels(), channels);
    EXPECT_TRUE(reader.info().has_xmp);
    EXPECT_EQ(reader.info().width, 3 * 5 - 1);
    EXPECT_EQ(reader.info().height, 2 * 5 - 1);
    const Tensor sheet = ReadPicture(root_ / "sheet.png");
    std::vector<float> z(4);
    Latents(4, 3).Fill(4, z);  // the middle of the second row
    EXPECT_NEAR(sheet.floats()[5 * 14 + 5], (z[0] / 8 + 1) / 2, 0.003);
  }
}

TEST_F(Sample, AFolderIsLabelled) {
  TestGenerator network({.classes = 3});
  const SampleSource source{.network = network,
                            .classes = 3,
                            .class_names = {"cat", "dog, wet", "cow"},
                            .name = "farm.safetensors",
                            .family = "test",
                            .hash = "0123"};
  SampleOptions options{.request = {.count = 5, .all_classes = true}, .seed = 8, .truncation = 0.7};
  const SampleResult result = SampleTo(source, root_ / "out", options);
  EXPECT_EQ(result.files, 5);
  EXPECT_EQ(Files(), (std::vector<std::string>{"out/cat/000000.png", "out/cat/000003.png",
                                               "out/cow/000002.png", "out/dog, wet/000001.png",
                                               "out/dog, wet/000004.png", "out/labels.csv",
                                               "out/manifest.json"}));
  EXPECT_NEAR(ReadPicture(root_ / "out/cow/000002.png").floats()[0], (2.0 / 16 + 1) / 2, 0.003);
  EXPECT_EQ(Text(root_ / "out/labels.csv").substr(0, 75),
            "file,label\ncat/000000.png,cat\n\"dog, wet/000001.png\",\"dog, wet\"\ncow/000002.p");
  const auto manifest = nlohmann::json::parse(Text(root_ / "out/manifest.json"));
  EXPECT_EQ(manifest["model"]["hash"], "0123");
  EXPECT_EQ(manifest["seed"], 8);
  EXPECT_EQ(manifest["truncation"], 0.7);
  EXPECT_EQ(manifest["classes"].size(), 3u);
  EXPECT_EQ(manifest["pictures"][4]["file"], "dog, wet/000004.png");
  EXPECT_EQ(manifest["pictures"][4]["label"], 1);
  EXPECT_EQ(manifest["pictures"][4]["index"], 4);
  // A second run would mix two sets.
  EXPECT_THROW(SampleTo(source, root_ / "out", options), Error);
  options.overwrite = true;
  EXPECT_NO_THROW(SampleTo(source, root_ / "out", options));
}

TEST_F(Sample, AFolderThatFailsIsGone) {
  TestGenerator network({.breaks_at = 70});
  const SampleSource source{.network = network};
  EXPECT_THROW(SampleTo(source, root_ / "a" / "b", {.request = {.count = 80}}), Error);
  EXPECT_TRUE(Files().empty());
  EXPECT_FALSE(fs::exists(root_ / "a" / "b"));
  TestGenerator broken({.breaks_at = 1});
  EXPECT_THROW(SampleTo({.network = broken}, root_ / "sheet.png", {.request = {.count = 4}}),
               Error);
  EXPECT_THROW(SampleTo({.network = network}, root_ / "sheet.bmp", {}), Error);
  CancelFlag cancel;
  cancel.Cancel();
  EXPECT_THROW(SampleTo({.network = network}, root_ / "out", {.cancel = &cancel}), Error);
  EXPECT_TRUE(Files().empty());
}

TEST_F(Sample, AnimationsComeInBothFormats) {
  TestGenerator network({.channels = 3});
  for (const char* name : {"a.gif", "a.webp"}) {
    const SampleOptions options{
        .request = {.count = 2, .grid = SampleRequest::Grid{2, 2}, .frames = 40}};
    const SampleResult result = SampleTo({.network = network}, root_ / name, options);
    EXPECT_EQ(result.form, SampleForm::kAnimation);
    EXPECT_EQ(result.frames, 40);
    EXPECT_EQ(result.pictures, 160);
  }
  EXPECT_EQ(PictureReader(root_ / "a.webp").info().width, 9);
  EXPECT_EQ(SampleFormFor("a.webp", {}), SampleForm::kSheet);
  EXPECT_EQ(SampleFormFor("a.png", {}), SampleForm::kSheet);
  EXPECT_EQ(SampleFormFor("a.MP4", {}), SampleForm::kAnimation);
  EXPECT_EQ(SampleFormFor("a.apng", {}), SampleForm::kAnimation);
}

TEST_F(Sample, GivenLatentsTakeTheSeedsPlace) {
  TestGenerator network({.latent = 2});
  SampleOptions options;
  options.latents = Tensor::FromFloats({1, 2}, std::vector<float>{4, -4});
  SampleTo({.network = network}, root_ / "one.png", options);
  const Tensor picture = ReadPicture(root_ / "one.png");
  EXPECT_EQ(picture.shape(), (Shape{1, 4, 4}));
  EXPECT_NEAR(picture.floats()[0], 0.75, 0.003);
  EXPECT_NEAR(picture.floats()[1], 0.25, 0.003);
}

TEST(ClassFolders, AreNumbersWhereNamesWillNotDo) {
  EXPECT_EQ(ClassFolders(2, {"a", "b"}), (std::vector<std::string>{"a", "b"}));
  const std::vector<std::string> numbers{"0", "1"};
  EXPECT_EQ(ClassFolders(2, {}), numbers);
  EXPECT_EQ(ClassFolders(2, {"a", "a"}), numbers);
  EXPECT_EQ(ClassFolders(2, {"a", "../b"}), numbers);
  EXPECT_EQ(ClassFolders(2, {"a", "..", "c"}), numbers);
  EXPECT_EQ(ClassFolders(2, {"a", ""}), numbers);
  EXPECT_EQ(ClassFolders(11, {})[3], "03");
}

TEST(FindClass, ByNameOrNumber) {
  const std::vector<std::string> names{"one", "0", "two"};
  EXPECT_EQ(FindClass("two", 3, names), 2);
  EXPECT_EQ(FindClass("0", 3, names), 1);
  EXPECT_EQ(FindClass("2", 3, names), 2);
  for (const char* text : {"3", "-1", "", "1x", "three"}) {
    EXPECT_THROW(FindClass(text, 3, names), Error) << text;
  }
  EXPECT_THROW(FindClass("0", 0, {}), Error);
}

}  // namespace
}  // namespace gan::core
