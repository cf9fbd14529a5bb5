#include "bench/measure.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <thread>

namespace gan::core::bench {
namespace {

// Well above what reading the clock costs, and a thread's turn on a busy processor.
constexpr double kLeastSeconds = 5e-3;

double SecondsOf(const std::function<void()>& body, int64_t times, Clock clock) {
  const double begin = SecondsOn(clock);
  for (int64_t i = 0; i < times; ++i) body();
  return (SecondsOn(clock) - begin) / static_cast<double>(times);
}

}  // namespace

double SecondsOn(Clock clock) {
  timespec now{};
  clock_gettime(clock == Clock::kWall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::vector<double> TimeInTurn(std::span<const std::function<void()>> bodies, int rounds,
                               Clock clock) {
  std::vector<int64_t> times(bodies.size(), 1);
  for (size_t b = 0; b < bodies.size(); ++b) {
    SecondsOf(bodies[b], 1, clock);  // makes memory and plans
    const double once = SecondsOf(bodies[b], 1, clock);
    times[b] = std::max<int64_t>(1, static_cast<int64_t>(std::ceil(kLeastSeconds / once)));
  }
  std::vector<std::vector<double>> seconds(bodies.size());
  for (int i = 0; i < rounds; ++i) {
    for (size_t b = 0; b < bodies.size(); ++b) {
      // Threads of the one before still look for work for a while, on the cores of this one.
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      seconds[b].push_back(SecondsOf(bodies[b], times[b], clock));
    }
  }
  std::vector<double> medians;
  for (std::vector<double>& all : seconds) {
    const auto middle = all.begin() + static_cast<ptrdiff_t>(all.size() / 2);
    std::nth_element(all.begin(), middle, all.end());
    medians.push_back(*middle);
  }
  return medians;
}

uint64_t PeakMemoryOf(const std::function<void()>& body) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    try {
      body();
    } catch (...) {
      _exit(1);
    }
    _exit(0);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) return 0;
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace gan::core::bench
