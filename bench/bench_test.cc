// The measuring itself: what is measured wrongly is worse than what is not measured.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "bench/copy_peak.h"
#include "bench/fma_peak.h"
#include "bench/measure.h"
#include "bench/options.h"

namespace gan::core::bench {
namespace {

using std::chrono::milliseconds;

Options Parsed(const std::vector<const char*>& arguments) { return ParseOptions(arguments); }

TEST(BenchOptions, AreRead) {
  const Options usual = Parsed({});
  EXPECT_EQ(usual.what, "networks");
  EXPECT_EQ(usual.rounds, 5);
  EXPECT_FALSE(usual.full);
  const Options chosen = Parsed({"kernels", "--only", "conv", "--rounds", "9", "--threads", "1",
                                 "--full", "--json", "out.json", "--cpu-target", "avx2"});
  EXPECT_EQ(chosen.what, "kernels");
  EXPECT_EQ(chosen.only, "conv");
  EXPECT_EQ(chosen.rounds, 9);
  EXPECT_EQ(chosen.threads, 1);
  EXPECT_TRUE(chosen.full);
  EXPECT_EQ(chosen.json, "out.json");
  EXPECT_EQ(chosen.cpu_target, "avx2");
}

TEST(BenchOptions, NonsenseIsRefused) {
  for (const std::vector<const char*>& arguments :
       std::vector<std::vector<const char*>>{{"--fast"},
                                             {"--rounds"},
                                             {"--rounds", "0"},
                                             {"--rounds", "5x"},
                                             {"--threads", "-1"},
                                             {"--processor-time"}}) {
    try {
      Parsed(arguments);
      ADD_FAILURE() << arguments[0] << " was accepted";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kUsage);
    }
  }
}

TEST(TimeInTurn, TakesTurns) {
  std::string order;
  const auto logs = [&](char name) {
    return [&order, name] {
      order += name;
      std::this_thread::sleep_for(milliseconds(6));
    };
  };
  const std::vector<std::function<void()>> bodies{logs('a'), logs('b')};
  const std::vector<double> seconds = TimeInTurn(bodies, 3);
  EXPECT_EQ(order,
            "aabb"
            "ababab");
  ASSERT_EQ(seconds.size(), 2u);
  EXPECT_GE(seconds[0], 6e-3);
}

TEST(TimeInTurn, OneSlowRoundDoesNotCount) {
  int calls = 0;
  const std::vector<std::function<void()>> bodies{[&] {
    // Two calls to warm up, and then the first of three rounds is the slow one.
    std::this_thread::sleep_for(milliseconds(++calls == 3 ? 900 : 10));
  }};
  EXPECT_LT(TimeInTurn(bodies, 3)[0], 0.9);
}

TEST(Clock, SleepingTakesNoProcessorTime) {
  const double wall = SecondsOn(Clock::kWall), processor = SecondsOn(Clock::kProcessor);
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_GE(SecondsOn(Clock::kWall) - wall, 0.1);
  EXPECT_LT(SecondsOn(Clock::kProcessor) - processor, 0.05);
}

TEST(PeakMemoryOf, SeesWhatABodyTouches) {
  const uint64_t little = PeakMemoryOf([] {});
  const uint64_t much = PeakMemoryOf([] {
    std::vector<char> touched(64 << 20, 1);
    if (touched[touched.size() / 2] != 1) throw 1;
  });
  EXPECT_GT(little, 0u);
  EXPECT_GT(much, little + (48 << 20));
  EXPECT_EQ(PeakMemoryOf([] { throw 1; }), 0u);
}

TEST(FmaPeak, IsSomething) {
  ThreadPool pool(1);
  EXPECT_GT(FmaPeak(pool), 0.1);
}

TEST(CopyPeak, IsSomething) {
  ThreadPool pool(2);
  EXPECT_GT(CopyPeak(pool), 0.01);
}

}  // namespace
}  // namespace gan::core::bench
