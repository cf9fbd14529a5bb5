#include "metrics/neighbour_sheet.h"

#include <gtest/gtest.h>

#include "metrics/picture_testing.h"

namespace gan::core {
namespace {

TEST(NeighbourSheet, FindsCopiesAmongMorePicturesThanFitAtOnce) {
  ThreadPool pool(2);
  const PictureSource reference = Stripes(1, 1, 3, 8);
  const std::vector<int64_t> copied = {3, 1030, 2100};
  const Tensor made = TakePictures(reference, copied);
  const Neighbours nearest = NearestInPixels(made, reference, 2200, 4, pool);
  for (size_t row = 0; row < 3; ++row) {
    EXPECT_EQ(nearest.indices[row * 4], copied[row]);
    EXPECT_EQ(nearest.distances[row * 4], 0);
    for (size_t i = 1; i < 4; ++i) {
      EXPECT_GE(nearest.distances[row * 4 + i], nearest.distances[row * 4 + i - 1]);
      EXPECT_GT(nearest.distances[row * 4 + 1], 0);
    }
  }
}

TEST(NeighbourSheet, ComparesPicturesOfOtherSizesAndChannels) {
  ThreadPool pool(1);
  const Tensor made = Stripes(1, 1, 1, 40)(5, 1);
  // The same pictures in colour, where all channels are alike.
  const PictureSource reference = [](int64_t first, int64_t count) {
    const Tensor grey = Stripes(1, 1, 1, 40)(first, count);
    Tensor colour(DType::kF32, {count, 3, 40, 40});
    for (int64_t n = 0; n < count; ++n) {
      for (int64_t c = 0; c < 3; ++c) {
        std::copy_n(grey.floats().data() + n * 1600, 1600,
                    colour.floats().data() + (n * 3 + c) * 1600);
      }
    }
    return colour;
  };
  EXPECT_EQ(NearestInPixels(made, reference, 20, 1, pool).indices[0], 5);
  EXPECT_EQ(NearestInPixels(made, reference, 2, 2, pool).indices.size(), 2u);
}

TEST(NeighbourSheet, ShowsARowAPicture) {
  const PictureSource reference = Stripes(1, 1, 3, 10);
  const Tensor made = Stripes(2, 1, 1, 8)(0, 2);
  const Neighbours features{2, {4, 5, 6, 7}, {0, 0, 0, 0}};
  const Neighbours pixels{1, {8, 9}, {0, 0}};
  const Tensor sheet = NeighbourSheet(made, reference, features, pixels);
  // The picture, a gap, two, a gap, one: six tiles of 8 pixels with a pixel between.
  EXPECT_EQ(sheet.shape(), (Shape{1, 2 * 9 - 1, 6 * 9 - 1}));
  EXPECT_NEAR(sheet.floats()[0], (made.floats()[0] + 1) / 2, 0.005);
  EXPECT_EQ(sheet.floats()[9], 1);  // the gap
}

}  // namespace
}  // namespace gan::core
