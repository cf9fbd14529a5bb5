// How fast memory is at most, measured in the same run as the rest.
#ifndef GAN_BENCH_COPY_PEAK_H_
#define GAN_BENCH_COPY_PEAK_H_

#include "base/thread_pool.h"
#include "bench/measure.h"

namespace gan::core::bench {

// Copies between two blocks that no cache holds, on every thread of the pool: 10^9 bytes read and
// written a second, together. The best of several tries.
double CopyPeak(ThreadPool& pool, Clock clock = Clock::kWall);

}  // namespace gan::core::bench

#endif  // GAN_BENCH_COPY_PEAK_H_
