#include "tasks/recolour.h"

#include <gtest/gtest.h>

#include <vector>

namespace gan::core {
namespace {

// Two rows of two pixels, as the source gives them, and asked for as `colours`.
std::vector<float> Rows(int colours, bool alpha, const std::vector<float>& planes, int64_t wanted) {
  const PictureInfo info{.width = 2, .height = 2, .colours = colours, .has_alpha = alpha};
  const RowSource source = [&](int64_t count, const TensorView& out) {
    EXPECT_EQ(count, 2);
    const Tensor all = Tensor::FromFloats({info.channels(), 2, 2}, planes);
    CopyElements(all.view(), out);
  };
  const RecolouredRows got = Recoloured(info, source, wanted);
  EXPECT_EQ(got.info.colours, wanted);
  EXPECT_EQ(got.info.has_alpha, alpha);
  Tensor out(DType::kF32, {got.info.channels(), 2, 2});
  got.rows(2, out.view());
  return {out.floats().begin(), out.floats().end()};
}

TEST(Recolour, GreyIsThreeEqualChannels) {
  EXPECT_EQ(Rows(1, true, {1, 2, 3, 4, 5, 6, 7, 8}, 3),
            (std::vector<float>{1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(Recolour, ColoursBecomeTheirLuma) {
  const std::vector<float> got = Rows(3, true, {1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 5, 6, 7, 8}, 1);
  const std::vector<float> wanted = {0.299f, 0.587f, 0.114f, 1, 5, 6, 7, 8};
  ASSERT_EQ(got.size(), wanted.size());
  for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], wanted[i], 1e-6) << i;
}

TEST(Recolour, WhatFitsStays) {
  EXPECT_EQ(Rows(1, false, {1, 2, 3, 4}, 1), (std::vector<float>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace gan::core
