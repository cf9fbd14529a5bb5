#include "kernels/concat.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "kernels/reference/elements.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

TEST(Concat, EveryElementOfEveryPartIsAtItsPlace) {
  Random random(16);
  ThreadPool pool(2);
  for (size_t axis = 0; axis < 4; ++axis) {
    std::vector<GappedTensor> parts;
    std::vector<ConstTensorView> views;
    int64_t total = 0;
    for (const int64_t size : {2, 1, 4}) {
      std::vector<int64_t> sizes{2, 3, 5, 7};
      sizes[axis] = size;
      parts.emplace_back(RandomTensor(Shape(sizes), random));
      views.push_back(parts.back().view());
      total += size;
    }
    std::vector<int64_t> sizes{2, 3, 5, 7};
    sizes[axis] = total;
    GappedTensor out{Shape(sizes)};
    Concat(views, axis, out.view(), pool);
    EXPECT_EQ(out.DamagedGaps(), 0u);
    reference::ForEachElement(Shape(sizes), [&](const reference::Index& index) {
      reference::Index from = index;
      size_t part = 0;
      while (from[axis] >= views[part].shape[axis]) from[axis] -= views[part++].shape[axis];
      EXPECT_EQ(reference::At(out.view(), index), reference::At(views[part], from));
    });
  }
}

TEST(Concat, RefusesPartsThatDoNotFillTheOutput) {
  ThreadPool pool(1);
  Tensor part = Tensor::Zeros(DType::kF32, {1, 2}), out = Tensor::Zeros(DType::kF32, {1, 5});
  const ConstTensorView parts[] = {part.view(), part.view()};
  EXPECT_THROW(Concat(parts, 1, out.view(), pool), Error);
}

}  // namespace
}  // namespace gan::core::kernels
