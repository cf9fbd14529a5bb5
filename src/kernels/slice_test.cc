#include "kernels/slice.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "kernels/reference/elements.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(Slice, EveryRangeOfEveryAxis) {
  Random random(17);
  ThreadPool pool(2);
  const GappedTensor x(RandomTensor({3, 4, 5, 6}, random));
  for (size_t axis = 0; axis < 4; ++axis) {
    for (int64_t begin = 0; begin < x.view().shape[axis]; ++begin) {
      for (int64_t end = begin + 1; end <= x.view().shape[axis]; ++end) {
        GappedTensor out(x.view().Slice(axis, begin, end - begin).shape);
        Slice(x.view(), axis, begin, out.view(), pool);
        EXPECT_EQ(out.DamagedGaps(), 0u);
        reference::ForEachElement(out.view().shape, [&](const reference::Index& index) {
          reference::Index from = index;
          from[axis] += begin;
          EXPECT_EQ(reference::At(out.view(), index), reference::At(x.view(), from));
        });
      }
    }
  }
}

TEST(Slice, RefusesWhatIsNotThere) {
  ThreadPool pool(1);
  Tensor x = Tensor::Zeros(DType::kF32, {1, 4}), out = Tensor::Zeros(DType::kF32, {1, 3});
  EXPECT_THROW(Slice(x.view(), 1, 2, out.view(), pool), Error);
}

}  // namespace
}  // namespace gan::core::kernels
