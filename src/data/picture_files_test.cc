#include "data/picture_files.h"

#include <gtest/gtest.h>

#include "data/data_testing.h"
#include "formats/testing/zip_writer.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class PictureFilesTest : public ::testing::Test {
 protected:
  void Picture(const std::string& name) { WriteTestPicture(folder_ / name, 1, 2, 2); }
  void Text(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    WriteBytes(folder_ / name, text);
  }
  std::unique_ptr<Collection> Open(const CollectionOptions& options = {}) {
    return OpenCollection(folder_.path().native(), options);
  }
  int Code(std::string_view part, const CollectionOptions& options = {}) {
    return CodeOf([&] { Open(options); }, part);
  }

  TemporaryFolder folder_;
};

TEST_F(PictureFilesTest, FoldersAreClasses) {
  Picture("b/2.png");
  Picture("a/1.jpg");
  Picture("a/deep/3.png");
  Text("a/.hidden.png", "");
  Text("__MACOSX/a/1.jpg", "");
  const auto data = Open();
  EXPECT_EQ(data->kind(), "a folder of pictures");
  EXPECT_EQ(data->classes(), (std::vector<std::string>{"a", "a/deep", "b"}));
  ASSERT_EQ(data->count(), 3);
  EXPECT_EQ(data->Name(0), "a/1.jpg");
  EXPECT_EQ(data->Label(0), 0);
  EXPECT_EQ(data->Label(1), 1);
  EXPECT_EQ(data->Label(2), 2);
  EXPECT_TRUE(data->notes().empty());
  EXPECT_TRUE(Open({.labels = "none"})->classes().empty());
}

TEST_F(PictureFilesTest, OneFolderHasNoLabels) {
  Picture("some/where/1.png");
  Picture("some/where/2.PNG");
  Text("README.txt", "hello");
  const auto data = Open();
  EXPECT_EQ(data->count(), 2);
  EXPECT_EQ(data->Label(0), -1);
  ASSERT_EQ(data->notes().size(), 1u);
  EXPECT_NE(data->notes()[0].find("README.txt"), std::string::npos);
  EXPECT_EQ(Code("folder for each class", {.labels = "folders"}), 64);
}

TEST_F(PictureFilesTest, SplitsAreFolders) {
  Picture("train/a/1.png");
  Picture("train/b/1.png");
  Picture("test/a/1.png");
  Picture("test/b/2.png");
  EXPECT_EQ(Open()->Name(0), "train/a/1.png");
  EXPECT_EQ(Open()->classes(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(Open({.split = "test"})->Name(1), "test/b/2.png");
  EXPECT_EQ(Code("no folder \"val\"", {.split = "val"}), 64);
}

TEST_F(PictureFilesTest, TableGivesLabels) {
  Picture("images/1.png");
  Picture("images/2.png");
  Text("labels.csv", "file,label\nimages/1.png,dog\nimages/2.png,cat\n");
  const auto data = Open();
  EXPECT_EQ(data->classes(), (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(data->Label(0), 1);
  EXPECT_TRUE(data->notes().empty());
}

TEST_F(PictureFilesTest, TableMustFit) {
  Picture("1.png");
  Picture("2.png");
  Text("labels.csv", "file,label\n1.png,dog\n");
  EXPECT_EQ(Code("no line for 1 of 2 pictures, \"2.png\""), 65);
  Text("labels.csv", "file,label\n1.png,dog\n2.png,cat\n3.png,cat\n");
  EXPECT_EQ(Code("1 file(s) that are not there, \"3.png\""), 65);
  Text("labels.csv", "file,label\n1.png,dog\n2.png,cat\n1.png,cat\n");
  EXPECT_EQ(Code("two labels"), 65);
  Text("labels.csv", "name,kind\n");
  EXPECT_EQ(Code("columns"), 65);
  fs::remove(folder_ / "labels.csv");
  EXPECT_EQ(Code("labels.csv", {.labels = "csv"}), 64);
}

TEST_F(PictureFilesTest, OtherTablesCountWhenTheyHaveTheColumns) {
  Picture("1.png");
  Text("notes.csv", "a,b\n1,2\n");
  EXPECT_TRUE(Open()->classes().empty());
  Text("notes.csv", "file,label\n1.png,x\n");
  EXPECT_EQ(Open()->classes(), std::vector<std::string>{"x"});
}

TEST_F(PictureFilesTest, RefusesWhatIsNoDataSet) {
  EXPECT_EQ(Code("is empty"), 65);
  Text("a.txt", "x");
  EXPECT_EQ(Code("no picture"), 65);
  Picture("a/1.png");
  Picture("b/1.png");
  Picture("2.png");
  EXPECT_EQ(Code("beside the folders"), 65);
  fs::remove(folder_ / "2.png");
  fs::create_directories(folder_ / "empty");
  EXPECT_EQ(Code("class \"empty\" without a single picture"), 65);
  EXPECT_EQ(Code("wants auto", {.labels = "x"}), 64);
  EXPECT_EQ(Code("like train", {.split = "../x"}), 64);
}

TEST_F(PictureFilesTest, ZipIsTheSame) {
  Picture("1.png");
  const std::string png = FileBytes(folder_ / "1.png");
  testing::ZipWriter zip({.deflate = true});
  zip.Add("set/", "");
  zip.Add("set/a/1.png", png);
  zip.Add("set/b/2.png", png);
  zip.Add("set/b/3.png", "broken");
  const std::string path = folder_ / "set.zip";
  WriteBytes(path, zip.Finish());
  const auto data = OpenCollection(path, {});
  EXPECT_EQ(data->classes(), (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(data->count(), 3);
  OpenedPicture opened = data->Open(1);
  EXPECT_EQ(opened.info.width, 2);
  Tensor picture(DType::kF32, {1, 2, 2});
  opened.rows(0, 2, picture.view());
  EXPECT_EQ(LargestDifference(picture, TestPicture(1, 2, 2)), 0);
  EXPECT_EQ(CodeOf([&] { data->Open(2); }, "3.png"), 65);
}

}  // namespace
}  // namespace gan::core
