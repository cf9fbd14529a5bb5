// What the machine can do at most, measured in the same run as the rest.
#ifndef GAN_BENCH_FMA_PEAK_H_
#define GAN_BENCH_FMA_PEAK_H_

#include "base/thread_pool.h"
#include "bench/measure.h"

namespace gan::core::bench {

// f32 multiply-adds in registers on every thread of the pool, with the widest vectors of this
// processor: 10^9 floating-point operations a second, an FMA counted as two. The best of several
// tries of some hundredths of a second.
double FmaPeak(ThreadPool& pool, Clock clock = Clock::kWall);

}  // namespace gan::core::bench

#endif  // GAN_BENCH_FMA_PEAK_H_
