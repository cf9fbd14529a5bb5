#include "graph/dim.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "base/random.h"

namespace gan::core {
namespace {

TEST(Dim, ConstantsCompute) {
  EXPECT_EQ(Dim(7).Apply(2, 1, 4), Dim(3));
  EXPECT_EQ(Dim(-7).FloorDiv(2), Dim(-4));
}

TEST(Dim, DownAndUpAgainIsTheSameSizeWhenItIsAMultiple) {
  const Dim h = Dim::Symbol("H", 4);
  EXPECT_EQ(h.Apply(1, 0, 2).Apply(1, 0, 2) * 4, h);
  // A 4x4 convolution of stride 2, padding 1: floor((H + 2 - 4) / 2) + 1 = H / 2.
  EXPECT_EQ(h.Apply(1, -2, 2) + 1, h.FloorDiv(2));
  const Dim free = Dim::Symbol("H");
  EXPECT_NE(free.FloorDiv(2) * 2, free);
  EXPECT_FALSE((free.FloorDiv(2) * 2).IsExact());
}

TEST(Dim, EvaluatesAsWritten) {
  Random random(5);
  for (int round = 0; round < 2000; ++round) {
    const auto multiple = static_cast<int64_t>(1 + random.Below(4));
    const int64_t value = multiple * static_cast<int64_t>(random.Below(50));
    Dim dim = Dim::Symbol("H", multiple);
    int64_t expected = value;
    for (int step = 0; step < 4; ++step) {
      const auto mul = static_cast<int64_t>(1 + random.Below(4));
      const auto add = static_cast<int64_t>(random.Below(9)) - 4;
      const auto div = static_cast<int64_t>(1 + random.Below(4));
      dim = dim.Apply(mul, add, div);
      const int64_t top = expected * mul + add;
      expected = top / div - (top % div < 0 ? 1 : 0);
    }
    EXPECT_EQ(dim.Eval({{"H", value}}), expected) << dim.ToString();
  }
}

TEST(Dim, ReadsWell) {
  const Dim h = Dim::Symbol("H", 2);
  EXPECT_EQ(h.ToString(), "H");
  EXPECT_EQ((h * 4 - 36).ToString(), "4*H-36");
  EXPECT_EQ(h.FloorDiv(2).ToString(), "H/2");
  EXPECT_EQ(Dim::Symbol("W").Apply(1, 1, 2).ToString(), "floor((W+1)/2)");
  const Dim::Affine affine = (h * 2 - 36).AsAffine();
  EXPECT_EQ(affine.num, 2);
  EXPECT_EQ(affine.den, 1);
  EXPECT_EQ(affine.add, -36);
}

TEST(Dim, RefusesWhatCannotBe) {
  const Dim h = Dim::Symbol("H", 4);
  EXPECT_THROW(h.Eval({{"H", 6}}), Error);
  EXPECT_THROW(h.Eval({{"W", 8}}), Error);
  EXPECT_THROW(h.FloorDiv(0), Error);
  EXPECT_THROW(h * std::numeric_limits<int64_t>::max(), Error);
  EXPECT_TRUE((h * 2).IsDivisibleBy(8));
  EXPECT_FALSE((h * 2 + 1).IsDivisibleBy(2));
}

}  // namespace
}  // namespace gan::core
