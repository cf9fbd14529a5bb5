// Time and memory.
#ifndef GAN_BENCH_MEASURE_H_
#define GAN_BENCH_MEASURE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace gan::core::bench {

enum class Clock {
  kWall,
  kProcessor,  // what this process itself got: for one thread on a machine that others keep busy
};
double SecondsOn(Clock clock);  // since some time in the past

// Median seconds of each body. They run in turn, A B A B, after one turn that does not count, so
// that whatever slows the machine down slows all of them down. Bodies shorter than a few
// milliseconds are repeated within a turn.
std::vector<double> TimeInTurn(std::span<const std::function<void()>> bodies, int rounds,
                               Clock clock = Clock::kWall);

// The most memory that a process of its own, which does nothing but `body`, has resident: bytes.
// 0 where it fails. Forks: to be called before this process starts threads.
uint64_t PeakMemoryOf(const std::function<void()>& body);

}  // namespace gan::core::bench

#endif  // GAN_BENCH_MEASURE_H_
