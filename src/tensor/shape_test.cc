#include "tensor/shape.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

TEST(Shape, CountsElements) {
  EXPECT_EQ(Shape().elements(), 1);
  EXPECT_EQ((Shape{2, 3, 4}).elements(), 24);
  EXPECT_EQ((Shape{2, 0, 4}).elements(), 0);
  EXPECT_EQ((Shape{2, 3}).ToString(), "[2, 3]");
  EXPECT_EQ((Shape{2, 3}), (Shape{2, 3}));
  EXPECT_NE((Shape{2, 3}), (Shape{2, 3, 1}));
}

TEST(Shape, RefusesWhatCannotBe) {
  EXPECT_THROW(Shape({-1}), Error);
  EXPECT_THROW(Shape({std::numeric_limits<int64_t>::max(), 2}), Error);
  EXPECT_THROW(Shape(std::vector<int64_t>(9, 1)), Error);
}

}  // namespace
}  // namespace gan::core
