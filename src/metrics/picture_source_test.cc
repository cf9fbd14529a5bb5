#include "metrics/picture_source.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "metrics/feature_testing.h"

namespace gan::core {
namespace {

// Picture n is full of n; counts how often it is asked.
PictureSource Numbers(int& calls) {
  return [&calls](int64_t first, int64_t count) {
    ++calls;
    Tensor out(DType::kF32, {count, 1, 2, 2});
    for (int64_t i = 0; i < count * 4; ++i) {
      out.floats()[static_cast<size_t>(i)] = static_cast<float>(first + i / 4);
    }
    return out;
  };
}

TEST(PictureSource, GathersRunsInOneCall) {
  int calls = 0;
  const std::vector<int64_t> rows = {3, 4, 5, 9, 12, 13};
  const Tensor pictures = TakePictures(Numbers(calls), rows);
  EXPECT_EQ(calls, 3);
  ASSERT_EQ(pictures.shape(), (Shape{6, 1, 2, 2}));
  for (size_t i = 0; i < 24; ++i) {
    EXPECT_EQ(pictures.floats()[i], static_cast<float>(rows[i / 4]));
  }
}

TEST(PictureSource, RefusesWhatIsNoPicture) {
  const auto message = [](Tensor tensor) {
    return ErrorOf([&] { TakePictures([&](int64_t, int64_t) { return tensor; }, 5, 2); });
  };
  EXPECT_EQ(message(Tensor::Zeros(DType::kF32, {2, 1, 3, 3})), "no error");
  EXPECT_TRUE(Contains(message(Tensor::Zeros(DType::kF32, {1, 1, 3, 3})), "wants 2 pictures"));
  EXPECT_TRUE(Contains(message(Tensor::Zeros(DType::kF32, {2, 5, 3, 3})), "wants 2 pictures"));
  EXPECT_TRUE(Contains(message(Tensor::Zeros(DType::kF32, {2, 9})), "got [2, 9]"));
  Tensor nan = Tensor::Zeros(DType::kF32, {2, 1, 3, 3});
  nan.floats()[10] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message(nan), "[pictures] wants finite pictures, got nan in picture 6");
}

TEST(PictureSource, RefusesPicturesOfSeveralSizes) {
  const PictureSource source = [](int64_t first, int64_t count) {
    return Tensor::Zeros(DType::kF32, {count, 1, 2 + first, 2});
  };
  const std::vector<int64_t> rows = {0, 4};
  EXPECT_TRUE(Contains(ErrorOf([&] { TakePictures(source, rows); }), "of one size"));
}

}  // namespace
}  // namespace gan::core
