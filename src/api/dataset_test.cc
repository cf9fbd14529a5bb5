#include "gan/dataset.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "gan/error.h"
#include "media/picture_testing.h"

namespace gan {
namespace {

namespace fs = std::filesystem;

class DatasetReportTest : public ::testing::Test {
 protected:
  // Three pictures of two sizes in two classes, two of them the same.
  void MakePictures() {
    fs::create_directories(folder_ / "pictures/a");
    fs::create_directories(folder_ / "pictures/b");
    core::WritePicture(folder_ / "pictures/a/1.png", core::TestPicture(3, 20, 30));
    core::WritePicture(folder_ / "pictures/a/2.png", core::TestPicture(3, 20, 30));
    core::WritePicture(folder_ / "pictures/b/3.png", core::TestPicture(3, 10, 10));
    core::WriteBytes(folder_ / "pictures/b/4.jpg", "\xFF\xD8\xFFno jpeg");
    options_.cache = folder_ / "cache";
  }

  core::TemporaryFolder folder_;
  DatasetOptions options_;
};

TEST_F(DatasetReportTest, SaysWhatIsThere) {
  MakePictures();
  const std::string sheet = folder_ / "sheet.png";
  const DatasetReport report = DescribeDataset(folder_ / "pictures", options_, sheet);
  EXPECT_EQ(report.kind, "a folder of pictures");
  EXPECT_EQ(report.pictures, 3);
  ASSERT_EQ(report.classes.size(), 2u);
  EXPECT_EQ(report.classes[0].name, "a");
  EXPECT_EQ(report.classes[0].pictures, 2);
  ASSERT_EQ(report.sizes.size(), 2u);
  EXPECT_EQ(report.sizes[0].width, 30);
  EXPECT_EQ(report.sizes[0].pictures, 2);
  EXPECT_EQ(report.channels.at(3), 3);
  EXPECT_EQ(report.bits.at(8), 3);
  ASSERT_EQ(report.unreadable.size(), 1u);
  EXPECT_EQ(report.unreadable[0].name, "b/4.jpg");
  EXPECT_NE(report.no_size.find("30 x 20 (2), 10 x 10 (1)"), std::string::npos) << report.no_size;
  EXPECT_EQ(report.width, 64);
  EXPECT_EQ(report.duplicates, 1);
  ASSERT_EQ(report.examples.size(), 1u);
  EXPECT_EQ(report.examples[0].name, "a/2.png");
  EXPECT_EQ(report.examples[0].same_as, "a/1.png");
  EXPECT_TRUE(fs::exists(report.cache_file));
  EXPECT_EQ(core::ReadPicture(sheet).shape(), (core::Shape{3, 2 * 65 - 1, 10 * 65 - 1}));
}

TEST_F(DatasetReportTest, TakesTheSizeAsked) {
  MakePictures();
  options_.size = 16;
  options_.channels = 1;
  const DatasetReport report = DescribeDataset(folder_ / "pictures", options_);
  EXPECT_EQ(report.no_size, "");
  EXPECT_EQ(report.width, 16);
  EXPECT_EQ(report.used_channels, 1);
  EXPECT_EQ(report.channels.at(3), 3);
}

TEST_F(DatasetReportTest, IsJson) {
  MakePictures();
  const auto json = nlohmann::json::parse(ToJson(DescribeDataset(folder_ / "pictures", options_)));
  EXPECT_EQ(json["pictures"], 3);
  EXPECT_EQ(json["classes"][1]["name"], "b");
  EXPECT_EQ(json["channels"]["3"], 3);
  EXPECT_EQ(json["used"]["width"], 64);
  EXPECT_TRUE(json.contains("no_size"));
}

TEST_F(DatasetReportTest, RefusesWhatCannotBeDone) {
  MakePictures();
  const std::string pictures = folder_ / "pictures";
  EXPECT_EQ(core::CodeOf([&] { DescribeDataset(folder_ / "none", options_); }, "not there"), 66);
  EXPECT_EQ(core::CodeOf([&] { DescribeDataset(pictures, options_, "x.txt"); }, ".png"), 64);
  options_.size = -1;
  EXPECT_EQ(core::CodeOf([&] { DescribeDataset(pictures, options_); }, "[size]"), 64);
  DatasetOptions parsed;
  for (const auto& option : DatasetOptionList()) {
    EXPECT_EQ(core::CodeOf([&] { option.set(parsed, "-"); }) != 64,
              std::string(option.name) == "split" || std::string(option.name) == "cache")
        << option.name;
  }
}

}  // namespace
}  // namespace gan
