#include "media/sheet.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "media/picture_testing.h"

namespace gan::core {
namespace {

Tensor Filled(const Shape& shape, float value) {
  Tensor tensor(DType::kF32, shape);
  for (float& x : tensor.floats()) x = value;
  return tensor;
}

TEST(Sheet, LaysPicturesOutInReadingOrder) {
  const std::vector<Tensor> pictures = {Filled({1, 1, 2}, 0.1f), Filled({1, 1, 2}, 0.2f),
                                        Filled({1, 1, 2}, 0.3f)};
  const Tensor sheet = MakeSheet(pictures, 2, 1, 0.9f);
  ASSERT_EQ(sheet.shape(), (Shape{1, 3, 5}));
  const std::vector<float> wanted = {0.1f, 0.1f, 0.9f, 0.2f, 0.2f, 0.9f, 0.9f, 0.9f,
                                     0.9f, 0.9f, 0.3f, 0.3f, 0.9f, 0.9f, 0.9f};
  EXPECT_TRUE(std::ranges::equal(sheet.floats(), wanted));
}

TEST(Sheet, KeepsChannelsApart) {
  for (int64_t channels = 1; channels <= 4; ++channels) {
    const std::vector<Tensor> pictures(6, TestPicture(channels, 4, 5));
    const Tensor sheet = MakeSheet(pictures, 3, 0);
    ASSERT_EQ(sheet.shape(), (Shape{channels, 8, 15}));
    Tensor corner(DType::kF32, {channels, 4, 5});
    CopyElements(sheet.view().Slice(1, 4, 4).Slice(2, 10, 5), corner.view());
    EXPECT_EQ(LargestDifference(corner, pictures[0]), 0);
  }
}

TEST(Sheet, HasFullWidthWithFewPictures) {
  const std::vector<Tensor> one = {Filled({3, 2, 2}, 0)};
  const Tensor sheet = MakeSheet(one, 4, 2);
  ASSERT_EQ(sheet.shape(), (Shape{3, 2, 14}));
  EXPECT_EQ(sheet.floats()[0], 0);
  EXPECT_EQ(sheet.floats()[2], 1);
}

TEST(Sheet, RefusesWhatCannotBeLaidOut) {
  const std::vector<Tensor> one = {Filled({1, 2, 2}, 0)};
  const std::vector<Tensor> mixed = {Filled({1, 2, 2}, 0), Filled({3, 2, 2}, 0)};
  const std::vector<Tensor> flat = {Filled({2, 2}, 0)};
  const std::vector<Tensor> deep = {Filled({5, 2, 2}, 0)};
  EXPECT_EQ(CodeOf([&] { MakeSheet({}, 1); }, "at least one picture"), 64);
  EXPECT_EQ(CodeOf([&] { MakeSheet(mixed, 1); }, "[1, 2, 2] and f32 [3, 2, 2]"), 64);
  EXPECT_EQ(CodeOf([&] { MakeSheet(flat, 1); }, "[C, H, W]"), 64);
  EXPECT_EQ(CodeOf([&] { MakeSheet(deep, 1); }, "1 to 4 channels"), 64);
  EXPECT_EQ(CodeOf([&] { MakeSheet(one, 0); }, "1 column"), 64);
  EXPECT_EQ(CodeOf([&] { MakeSheet(one, 1, -1); }, "gap"), 64);
  EXPECT_EQ(CodeOf([&] { MakeSheet(one, INT64_MAX / 2, 3); }, "too large"), 64);
  EXPECT_EQ(CodeOf([&] { MakeSheet(one, INT64_MAX, INT64_MAX); }, "too large"), 64);
}

}  // namespace
}  // namespace gan::core
