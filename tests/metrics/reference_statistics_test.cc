#include "metrics/reference_statistics.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "backends/cpu/backend.h"
#include "metrics/feature_testing.h"
#include "metrics/picture_testing.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class ReferenceStatisticsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / fmt::format("gan_reference_{}", getpid());
    options_ = {.count = 90, .manifold = 40, .seed = 3, .fingerprint = 5, .folder = folder_};
    source_ = [this](int64_t first, int64_t count) {
      taken_ += count;
      return Stripes(1)(first, count);
    };
  }
  void TearDown() override { fs::remove_all(folder_); }

  ReferenceStatistics Statistics() { return StatisticsOf(source_, options_, extractor_, pool_); }

  ThreadPool pool_{2};
  std::unique_ptr<Backend> backend_ = MakeCpuBackend(pool_);
  FeatureExtractor extractor_{SmallFeatureModel(), *backend_, Resizer::kBilinear};
  fs::path folder_;
  ReferenceOptions options_;
  PictureSource source_;
  int64_t taken_ = 0;
};

void ExpectSame(const ReferenceStatistics& a, const ReferenceStatistics& b) {
  EXPECT_EQ(a.gaussian.count, b.gaussian.count);
  EXPECT_EQ(a.gaussian.mean, b.gaussian.mean);
  EXPECT_EQ(a.gaussian.covariance, b.gaussian.covariance);
  EXPECT_EQ(a.features.shape(), b.features.shape());
  EXPECT_TRUE(std::ranges::equal(a.features.floats(), b.features.floats()));
  EXPECT_EQ(a.pictures, b.pictures);
  EXPECT_EQ(a.manifold, b.manifold);
  EXPECT_EQ(a.radii, b.radii);
  EXPECT_EQ(a.nearest, b.nearest);
}

TEST_F(ReferenceStatisticsTest, LooksOnceAndRemembers) {
  const ReferenceStatistics first = Statistics();
  EXPECT_EQ(taken_, 90);
  EXPECT_EQ(first.gaussian.count, 90);
  EXPECT_EQ(first.pictures.size(), 90u);
  EXPECT_EQ(first.manifold.size(), 40u);
  EXPECT_EQ(first.radii.size(), 40u);
  ASSERT_TRUE(fs::exists(ReferenceFile(options_, extractor_)));
  const ReferenceStatistics second = Statistics();
  EXPECT_EQ(taken_, 90);
  ExpectSame(first, second);
}

TEST_F(ReferenceStatisticsTest, OtherPicturesCountsOrSeedsAreOtherFiles) {
  Statistics();
  options_.use = 60;
  const ReferenceStatistics fewer = Statistics();
  EXPECT_EQ(fewer.gaussian.count, 60);
  EXPECT_TRUE(std::ranges::is_sorted(fewer.pictures));
  EXPECT_EQ(taken_, 150);
  options_.fingerprint = 6;
  Statistics();
  options_.seed = 4;
  Statistics();
  EXPECT_EQ(taken_, 270);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 4);
}

TEST_F(ReferenceStatisticsTest, BrokenFilesAreWorkedOutAgain) {
  const ReferenceStatistics good = Statistics();
  const fs::path path = ReferenceFile(options_, extractor_);
  const auto size = static_cast<int64_t>(fs::file_size(path));
  for (const int64_t place : {int64_t{3}, int64_t{60}, size / 2, size - 1}) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(place);
    const auto byte = static_cast<char>(file.get() ^ 4);
    file.seekp(place);
    file.put(byte);
    file.close();
    taken_ = 0;
    ExpectSame(Statistics(), good);
    EXPECT_EQ(taken_, 90) << "byte " << place << " of " << size;
  }
  fs::resize_file(path, 100);
  ExpectSame(Statistics(), good);
  taken_ = 0;
  Statistics();  // whole again
  EXPECT_EQ(taken_, 0);
}

TEST_F(ReferenceStatisticsTest, AFolderThatCannotBeIsNoError) {
  options_.folder = "/proc/nowhere";
  EXPECT_EQ(Statistics().gaussian.count, 90);
  options_.folder = "";
  EXPECT_EQ(Statistics().gaussian.count, 90);
}

TEST_F(ReferenceStatisticsTest, RefusesTooFew) {
  options_.count = 5;
  EXPECT_TRUE(Contains(ErrorOf([&] { Statistics(); }),
                       "[reference] wants more than 5 pictures, one more than neighbours"));
}

}  // namespace
}  // namespace gan::core
