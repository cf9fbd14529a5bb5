#include "tasks/row_window.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gan::core {
namespace {

// Sample (c, y, x) is 100 c + y + x / 100.
RowSource Numbers(int64_t& read) {
  return [&read](int64_t count, const TensorView& out) {
    float* to = Floats(out);
    for (int64_t c = 0; c < out.shape[0]; ++c) {
      for (int64_t y = read; y < read + count; ++y) {
        for (int64_t x = 0; x < out.shape[2]; ++x) {
          *to++ = static_cast<float>(100 * c + y) + static_cast<float>(x) / 100;
        }
      }
    }
    read += count;
  };
}

TEST(RowWindow, HoldsWhatWasAskedForAndReadsNoMore) {
  int64_t read = 0;
  RowWindow window(2, 5, 25, Numbers(read));
  for (const Interval rows :
       {Interval{0, 20}, Interval{10, 33}, Interval{30, 55}, Interval{55, 56}}) {
    window.Advance(rows);
    EXPECT_EQ(read, rows.end);
    Tensor out(DType::kF32, {2, rows.end - rows.begin, 2});
    window.Copy(rows, {3, 5}, out.view());
    EXPECT_FLOAT_EQ(out.floats().front(), static_cast<float>(rows.begin) + 0.03f);
    EXPECT_FLOAT_EQ(out.floats().back(), static_cast<float>(100 + rows.end - 1) + 0.04f);
  }
}

TEST(RowWindow, RefusesRowsThatAreGone) {
  int64_t read = 0;
  RowWindow window(1, 4, 10, Numbers(read));
  window.Advance({0, 10});
  window.Advance({5, 15});
  Tensor out(DType::kF32, {1, 10, 4});
  EXPECT_THROW(window.Copy({0, 10}, {0, 4}, out.view()), Error);
  EXPECT_THROW(window.Advance({0, 16}), Error);
}

}  // namespace
}  // namespace gan::core
