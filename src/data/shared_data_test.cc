// Real data sets, where the reference data folder has them.
#include <gtest/gtest.h>

#include "data/collection.h"
#include "data/data_testing.h"
#include "data/dataset.h"

namespace gan::core {
namespace {

class SharedData : public ::testing::Test {
 protected:
  // The options for a data set; false where it is not there.
  bool Find(const std::string& name) {
    const auto path = std::filesystem::path(GAN_SHARED_DIR) / "datasets" / name;
    options_ = OptionsFor(folder_, path);
    return std::filesystem::exists(path);
  }

  TemporaryFolder folder_;
  DatasetOptions options_;
};

#define GAN_NEEDS_DATA(name) \
  if (!Find(name)) GTEST_SKIP() << "needs datasets/" << (name) << ", which is not here"

TEST_F(SharedData, Mnist) {
  GAN_NEEDS_DATA("mnist");
  const Dataset train = Dataset::Open(options_);
  EXPECT_EQ(train.count(), 60'000);
  EXPECT_EQ(train.classes().size(), 10u);
  EXPECT_EQ(train.Label(0), 5);
  EXPECT_EQ(train.width(), 28);
  options_.split = "test";
  EXPECT_EQ(Dataset::Open(options_).count(), 10'000);
}

TEST_F(SharedData, Monet) {
  GAN_NEEDS_DATA("photo2monet/monet100.zip");
  options_.size = 64;
  const Dataset data = Dataset::Open(options_);
  EXPECT_EQ(data.count() + static_cast<int64_t>(data.unreadable().size()), 100);
  EXPECT_EQ(data.channels(), 3);
  EXPECT_TRUE(data.classes().empty());
}

TEST_F(SharedData, PneumoniaMnist) {
  GAN_NEEDS_DATA("pneumoniamnist-subset/pneumoniamnist.npz");
  const Dataset train = Dataset::Open(options_);
  EXPECT_EQ(train.count(), 3'882);
  EXPECT_EQ(train.classes().size(), 2u);
  options_.split = "val";
  EXPECT_EQ(Dataset::Open(options_).count(), 524);
  options_.split = "test";
  EXPECT_EQ(Dataset::Open(options_).count(), 624);
}

// 2,720 small files: found, and a few of them decoded.
TEST_F(SharedData, Omniglot) {
  GAN_NEEDS_DATA("omniglot-small1/images_background_small1.zip");
  const auto data = OpenCollection(options_.path, {});
  EXPECT_EQ(data->classes().size(), 136u);
  ASSERT_EQ(data->count(), 20 * 136);
  for (int64_t i = 0; i < data->count(); i += 500) {
    const OpenedPicture opened = data->Open(i);
    EXPECT_EQ(opened.info.width, 105);
    EXPECT_EQ(opened.info.channels(), 1);
    EXPECT_EQ(data->Label(i), i / 20);
  }
}

TEST_F(SharedData, Facades) {
  GAN_NEEDS_DATA("facades/facades-val20.zip");
  EXPECT_EQ(CodeOf([&] { Dataset::Open(options_); }, "512 x 256 (19), 512 x 194 (1)"), 64);
  options_.size = 32;
  options_.fit = "contain";
  EXPECT_EQ(Dataset::Open(options_).count(), 20);
}

}  // namespace
}  // namespace gan::core
