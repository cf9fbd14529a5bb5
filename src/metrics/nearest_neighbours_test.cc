#include "metrics/nearest_neighbours.h"

#include <gtest/gtest.h>

#include "metrics/feature_testing.h"

namespace gan::core {
namespace {

const Tensor kLine = Tensor::FromFloats({5, 1}, std::vector<float>{0, 1, 3, 7, 15});

TEST(NearestNeighbours, ComeNearestFirst) {
  ThreadPool pool(2);
  const Neighbours found =
      NearestNeighbours(Tensor::FromFloats({2, 1}, std::vector<float>{2, 100}), kLine, 3, pool);
  EXPECT_EQ(found.indices, (std::vector<int64_t>{1, 2, 0, 4, 3, 2}));  // ties: the lower index
  EXPECT_EQ(found.distances, (std::vector<float>{1, 1, 2, 85, 93, 97}));
}

TEST(NearestNeighbours, LeaveOutTheRowItself) {
  ThreadPool pool(1);
  const Neighbours others = NearestOthers(kLine, 1, pool);
  EXPECT_EQ(others.indices, (std::vector<int64_t>{1, 0, 1, 2, 3}));
  EXPECT_EQ(NeighbourRadii("test", kLine, 2, pool), (std::vector<float>{3, 2, 3, 6, 12}));
  // But not its double.
  const Tensor doubles = Tensor::FromFloats({3, 1}, std::vector<float>{4, 4, 9});
  EXPECT_EQ(NearestOthers(doubles, 1, pool).indices, (std::vector<int64_t>{1, 0, 0}));
}

TEST(NearestNeighbours, AreTheSameForAnyNumberOfThreads) {
  const Tensor set = Wave(1100, 6, 0.3);
  ThreadPool one(1), three(3);
  const Neighbours a = NearestOthers(set, 5, one);
  const Neighbours b = NearestOthers(set, 5, three);
  EXPECT_EQ(a.indices, b.indices);
  EXPECT_EQ(a.distances, b.distances);
}

// NumPy 1.24: np.sort of all distances.
TEST(NearestNeighbours, AgreeWithNumPy) {
  ThreadPool pool(2);
  const std::vector<float> radii = NeighbourRadii("test", Wave(60, 5, 0), 3, pool);
  EXPECT_NEAR(radii.front(), 1.1785878797074196, 1e-6);
  EXPECT_NEAR(radii.back(), 1.7254951184460083, 1e-6);
}

TEST(NearestNeighbours, NeedMorePicturesThanNeighbours) {
  ThreadPool pool(1);
  EXPECT_EQ(ErrorOf([&] { NeighbourRadii("recall", kLine, 5, pool); }),
            "[recall] wants more than 5 pictures on each side, one more than neighbours, got 5");
}

}  // namespace
}  // namespace gan::core
