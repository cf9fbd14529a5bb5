// Time and memory.
#ifndef GAN_BENCH_MEASURE_H_
#define GAN_BENCH_MEASURE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace gan::core::bench {

// Median seconds of each body. They run in turn, A B A B, after one turn that does not count, so
// that whatever slows the machine down slows all of them down. Bodies shorter than a few
// milliseconds are repeated within a turn.
std::vector<double> TimeInTurn(std::span<const std::function<void()>> bodies, int rounds);

// The most memory that a process of its own, which does nothing but `body`, has resident: bytes.
// 0 where it fails. Forks: to be called before this process starts threads.
uint64_t PeakMemoryOf(const std::function<void()>& body);

}  // namespace gan::core::bench

#endif  // GAN_BENCH_MEASURE_H_
