#include "data/batch_feed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "data/data_testing.h"
#include "data/picture_order.h"

namespace gan::core {
namespace {

// Pictures that begin with their own number, labelled by it modulo 3.
class BatchFeedTest : public ::testing::Test {
 protected:
  Dataset Numbered(int64_t count) {
    WriteBytes(folder_ / "train-images-idx3-ubyte", IdxPictures(count, 4, 4));
    WriteBytes(folder_ / "train-labels-idx1-ubyte", IdxLabels(count, 3));
    return Dataset::Open(OptionsFor(folder_, folder_.path()));
  }

  struct Drawn {
    std::vector<float> pictures;
    std::vector<int32_t> labels;
    std::vector<int64_t> first_images;
    bool operator==(const Drawn&) const = default;
  };

  static Drawn Draw(BatchFeed& feed, int batches) {
    Drawn out;
    for (int i = 0; i < batches; ++i) {
      const BatchFeed::Batch batch = feed.Next();
      out.pictures.insert(out.pictures.end(), batch.pictures.begin(), batch.pictures.end());
      out.labels.insert(out.labels.end(), batch.labels.begin(), batch.labels.end());
      out.first_images.push_back(batch.first_image);
    }
    return out;
  }

  TemporaryFolder folder_;
};

TEST(PictureOrder, EveryEpochIsAPermutation) {
  for (const int64_t count : {1, 2, 7, 100}) {
    PictureOrder order(count, 5);
    std::vector<int64_t> before;
    for (int64_t epoch = 0; epoch < 4; ++epoch) {
      std::vector<int64_t> drawn;
      for (int64_t i = 0; i < count; ++i) drawn.push_back(order.At(epoch * count + i));
      if (count == 100) {
        EXPECT_NE(drawn, before);
      }
      before = drawn;
      std::ranges::sort(drawn);
      for (int64_t i = 0; i < count; ++i) EXPECT_EQ(drawn[static_cast<size_t>(i)], i);
    }
  }
}

TEST(PictureOrder, DependsOnSeedAndNumberAlone) {
  PictureOrder forward(50, 9), backward(50, 9), other(50, 10);
  std::vector<int64_t> a, b, c;
  for (int64_t i = 0; i < 200; ++i) a.push_back(forward.At(i));
  for (int64_t i = 199; i >= 0; --i) b.push_back(backward.At(i));
  std::ranges::reverse(b);
  EXPECT_EQ(a, b);
  for (int64_t i = 0; i < 200; ++i) c.push_back(other.At(i));
  EXPECT_NE(a, c);
}

TEST(PictureOrder, MirrorsHalf) {
  const PictureOrder order(10, 1), other(10, 2);
  int mirrored = 0, same = 0;
  for (int64_t i = 0; i < 10'000; ++i) {
    mirrored += order.Mirrored(i) ? 1 : 0;
    same += order.Mirrored(i) == other.Mirrored(i) ? 1 : 0;
  }
  EXPECT_NEAR(mirrored, 5000, 250);
  EXPECT_NEAR(same, 5000, 250);
}

TEST_F(BatchFeedTest, GivesWhatTheDatasetHas) {
  const Dataset data = Numbered(20);
  BatchFeed feed(data, 6, 3, 0, false, 1);
  PictureOrder order(20, 3);
  for (int64_t n = 0; n < 10; ++n) {
    const BatchFeed::Batch batch = feed.Next();
    ASSERT_EQ(batch.pictures.size(), 6u * 16);
    EXPECT_EQ(batch.first_image, n * 6);
    for (int64_t i = 0; i < 6; ++i) {
      const int64_t picture = order.At(n * 6 + i);
      std::vector<float> wanted(16);
      data.Read(picture, wanted);
      EXPECT_TRUE(
          std::ranges::equal(batch.pictures.subspan(static_cast<size_t>(i) * 16, 16), wanted));
      EXPECT_EQ(batch.labels[static_cast<size_t>(i)], picture % 3);
    }
  }
}

TEST_F(BatchFeedTest, AnyNumberOfThreadsGivesTheSame) {
  const Dataset data = Numbered(50);
  BatchFeed plain(data, 8, 7, 0, true, 0);
  const Drawn wanted = Draw(plain, 40);
  for (const int threads : {1, 2, 3, 7}) {
    BatchFeed feed(data, 8, 7, 0, true, threads);
    EXPECT_TRUE(Draw(feed, 40) == wanted) << threads;
  }
}

TEST_F(BatchFeedTest, GoesOnFromAnyNumber) {
  const Dataset data = Numbered(33);
  BatchFeed whole(data, 5, 7, 0, true, 1);
  Draw(whole, 13);
  const Drawn wanted = Draw(whole, 9);
  BatchFeed resumed(data, 5, 7, 13 * 5, true, 2);
  EXPECT_TRUE(Draw(resumed, 9) == wanted);
}

TEST_F(BatchFeedTest, RanksShareEachBatch) {
  const Dataset data = Numbered(33);
  BatchFeed alone(data, 12, 7, 24, true, 1);
  const Drawn whole = Draw(alone, 8);
  for (const int world : {2, 3}) {
    std::vector<Drawn> parts;
    for (int rank = 0; rank < world; ++rank) {
      BatchFeed feed(data, 12, 7, 24, true, 1, rank, world);
      parts.push_back(Draw(feed, 8));
      EXPECT_EQ(parts.back().first_images, whole.first_images);
    }
    Drawn joined;
    joined.first_images = whole.first_images;
    const size_t own = 12u / static_cast<size_t>(world);
    for (size_t n = 0; n < 8; ++n) {
      for (const Drawn& part : parts) {
        const auto labels = std::span(part.labels).subspan(n * own, own);
        const auto pictures = std::span(part.pictures).subspan(n * own * 16, own * 16);
        joined.labels.insert(joined.labels.end(), labels.begin(), labels.end());
        joined.pictures.insert(joined.pictures.end(), pictures.begin(), pictures.end());
      }
    }
    EXPECT_TRUE(joined == whole) << world;
  }
}

TEST_F(BatchFeedTest, MirrorsRowsAndNothingElse) {
  const Dataset data = Numbered(9);
  BatchFeed plain(data, 9, 4, 0, false, 1), mirrored(data, 9, 4, 0, true, 1);
  const Drawn a = Draw(plain, 4), b = Draw(mirrored, 4);
  EXPECT_EQ(a.labels, b.labels);
  size_t same = 0, turned = 0;
  for (size_t i = 0; i < a.labels.size(); ++i) {
    std::vector<float> picture(a.pictures.begin() + static_cast<long>(i * 16),
                               a.pictures.begin() + static_cast<long>(i * 16 + 16));
    const auto got = std::span(b.pictures).subspan(i * 16, 16);
    if (std::ranges::equal(picture, got)) {
      ++same;
      continue;
    }
    for (size_t row = 0; row < 16; row += 4) std::reverse(&picture[row], &picture[row] + 4);
    EXPECT_TRUE(std::ranges::equal(picture, got));
    ++turned;
  }
  EXPECT_GT(same, 5u);
  EXPECT_GT(turned, 5u);
}

TEST_F(BatchFeedTest, DrawsSmallSetsAgainWithinABatch) {
  const Dataset data = Numbered(1);
  BatchFeed feed(data, 4, 0, 0, false, 1);
  const Drawn drawn = Draw(feed, 2);
  EXPECT_EQ(drawn.labels, std::vector<int32_t>(8, 0));
}

TEST_F(BatchFeedTest, RefusesWhatCannotBeShared) {
  const Dataset data = Numbered(5);
  const auto make = [&](int64_t batch, int rank, int world) {
    return [&data, batch, rank, world] { BatchFeed(data, batch, 0, 0, false, 0, rank, world); };
  };
  EXPECT_EQ(CodeOf(make(5, 0, 2), "evenly"), 64);
  EXPECT_EQ(CodeOf(make(0, 0, 1), "evenly"), 64);
  EXPECT_EQ(CodeOf(make(4, 2, 2), "2 of 2"), 64);
  EXPECT_EQ(CodeOf(make(4, -1, 2), "-1 of 2"), 64);
  EXPECT_EQ(CodeOf([&] { BatchFeed(data, 4, 0, -1, false, 0); }, "from 0"), 64);
}

}  // namespace
}  // namespace gan::core
