#include "kernels/transpose.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "kernels/reference/elements.h"
#include "kernels/test_support.h"

namespace gan::core::kernels {
namespace {

void ExpectMoved(const Shape& from, const std::vector<int64_t>& order, int threads) {
  ThreadPool pool(threads);
  Random random(37);
  const Tensor x = RandomTensor(from, random);
  std::vector<int64_t> sizes;
  for (const int64_t axis : order) sizes.push_back(from[static_cast<size_t>(axis)]);
  Tensor out(DType::kF32, Shape(sizes));
  Transpose(x.view(), order, out.view(), pool);
  reference::ForEachElement(out.shape(), [&](const reference::Index& index) {
    reference::Index in_x{};
    for (size_t i = 0; i < order.size(); ++i) in_x[static_cast<size_t>(order[i])] = index[i];
    ASSERT_EQ(reference::At(out.view(), index), reference::At(x.view(), in_x));
  });
}

TEST(Transpose, EveryOrder) {
  for (const Shape& shape :
       {Shape{7}, Shape{33, 65}, Shape{3, 40, 34}, Shape{2, 3, 35, 5}, Shape{4, 1, 3, 2, 33}}) {
    std::vector<int64_t> order(shape.rank());
    std::iota(order.begin(), order.end(), 0);
    do {
      for (const int threads : {1, 3}) ExpectMoved(shape, order, threads);
    } while (std::ranges::next_permutation(order).found);
  }
}

TEST(Transpose, RefusesSizesThatDoNotFit) {
  ThreadPool pool(1);
  Tensor x = Tensor::Zeros(DType::kF32, {2, 3}), out = Tensor::Zeros(DType::kF32, {2, 3});
  const std::vector<int64_t> order = {1, 0};
  EXPECT_THROW(Transpose(x.view(), order, out.view(), pool), Error);
}

}  // namespace
}  // namespace gan::core::kernels
