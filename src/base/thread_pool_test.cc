#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <vector>

namespace gan::core {
namespace {

TEST(ThreadPool, VisitsEveryIndexOnce) {
  for (const int threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    for (const int64_t count : {0, 1, 2, 7, 1000}) {
      std::vector<std::atomic<int>> visits(static_cast<size_t>(count));
      pool.ParallelFor(count, [&](int64_t i, int thread) {
        EXPECT_GE(thread, 0);
        EXPECT_LT(thread, threads);
        ++visits[static_cast<size_t>(i)];
      });
      for (const auto& v : visits) EXPECT_EQ(v, 1);
    }
  }
}

TEST(ThreadPool, RethrowsAndStaysUsable) {
  ThreadPool pool(3);
  EXPECT_THROW(pool.ParallelFor(100,
                                [](int64_t i, int) {
                                  if (i == 5) throw std::runtime_error("five");
                                }),
               std::runtime_error);
  std::atomic<int> n{0};
  pool.ParallelFor(10, [&](int64_t, int) { ++n; });
  EXPECT_EQ(n, 10);
}

TEST(ThreadPool, RefusesALoopInsideALoop) {
  ThreadPool pool(2);
  EXPECT_ANY_THROW(
      pool.ParallelFor(4, [&](int64_t, int) { pool.ParallelFor(5, [](int64_t, int) {}); }));
}

TEST(ThreadPool, SharesEverythingOutOnce) {
  for (const int threads : {0, 1, 2, 3}) {
    const auto pool = threads == 0 ? nullptr : std::make_unique<ThreadPool>(threads);
    for (const int64_t count : {0, 1, 2, 7, 1000}) {
      std::vector<std::atomic<int>> visits(static_cast<size_t>(count));
      ShareOut(pool.get(), count, [&](int64_t begin, int64_t end) {
        EXPECT_LT(begin, end);
        for (int64_t i = begin; i < end; ++i) ++visits[static_cast<size_t>(i)];
      });
      for (const auto& v : visits) EXPECT_EQ(v, 1);
    }
  }
}

}  // namespace
}  // namespace gan::core
