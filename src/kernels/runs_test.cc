#include "kernels/runs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "base/error.h"

namespace gan::core::kernels {
namespace {

// Counts how often each element of a buffer is visited through the first view.
std::vector<int> Visits(const Shape& shape, const Strides& strides, size_t buffer, int threads,
                        int64_t* runs) {
  std::vector<std::atomic<int>> counts(buffer);
  std::atomic<int64_t> called{0};
  ThreadPool pool(threads);
  const Strides all[] = {strides, strides};
  ForEachRun(shape, all, pool, [&](const ElementRun& run) {
    EXPECT_EQ(run.offset[0], run.offset[1]);
    for (int64_t i = 0; i < run.length; ++i) ++counts[run.offset[0] + i * run.step[0]];
    ++called;
  });
  *runs = called;
  return {counts.begin(), counts.end()};
}

TEST(Runs, ContiguousAxesBecomeOneRun) {
  int64_t runs = 0;
  const Shape shape{2, 3, 4, 5};
  EXPECT_EQ(Visits(shape, ContiguousStrides(shape), 120, 1, &runs), std::vector<int>(120, 1));
  EXPECT_EQ(runs, 1);
}

TEST(Runs, LongRunsAreSharedOut) {
  int64_t runs = 0;
  const Shape shape{1, 1, 300, 401};
  EXPECT_EQ(Visits(shape, ContiguousStrides(shape), 120300, 3, &runs), std::vector<int>(120300, 1));
  EXPECT_GE(runs, 3);
}

TEST(Runs, GapsAreSkipped) {
  int64_t runs = 0;
  const std::vector<int> counts = Visits({2, 3, 2}, {100, 10, 1}, 200, 2, &runs);
  EXPECT_EQ(runs, 6);
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(counts[i], i % 100 < 30 && i % 10 < 2 ? 1 : 0) << i;
  }
}

TEST(Runs, AColumnIsSingleElements) {
  int64_t runs = 0;
  const std::vector<int> counts = Visits({1, 2, 3, 1}, {100, 30, 5, 1}, 100, 2, &runs);
  EXPECT_EQ(runs, 6);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(counts[i], i % 30 % 5 == 0 && i % 30 < 15 && i < 60) << i;
}

TEST(Runs, RepeatedElementsStayAtTheirPlace) {
  const Tensor bias(DType::kF32, {3, 1, 1});
  const Shape shape{2, 3, 4, 5};
  const Strides strides = BroadcastStrides(bias.view(), shape);
  EXPECT_EQ(strides[0], 0);
  EXPECT_EQ(strides[1], 1);
  EXPECT_EQ(strides[3], 0);
  ThreadPool pool(1);
  const Strides all[] = {ContiguousStrides(shape), strides};
  int64_t elements = 0;
  ForEachRun(shape, all, pool, [&](const ElementRun& run) {
    EXPECT_EQ(run.length, 20);
    EXPECT_EQ(run.step[1], 0);
    EXPECT_EQ(run.offset[1], run.offset[0] / 20 % 3);
    elements += run.length;
  });
  EXPECT_EQ(elements, 120);
  EXPECT_THROW(BroadcastStrides(bias.view(), Shape{2, 2, 1, 1}), Error);
}

TEST(Runs, NothingForNothing) {
  int64_t runs = 0;
  const Shape shape{2, 0, 3};
  Visits(shape, ContiguousStrides(shape), 1, 2, &runs);
  EXPECT_EQ(runs, 0);
  const Shape one{};
  EXPECT_EQ(Visits(one, ContiguousStrides(one), 1, 2, &runs), std::vector<int>{1});
}

}  // namespace
}  // namespace gan::core::kernels
