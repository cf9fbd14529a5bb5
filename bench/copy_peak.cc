#include "bench/copy_peak.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gan::core::bench {

double CopyPeak(ThreadPool& pool, Clock clock) {
  // More than the L3 of most processors, so that memory is what is measured.
  constexpr size_t kBytes = size_t{128} << 20;
  std::vector<std::byte> from(kBytes, std::byte{1}), to(kBytes);
  const auto threads = static_cast<size_t>(pool.threads());
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const double begin = SecondsOn(clock);
    pool.ParallelFor(pool.threads(), [&](int64_t index, int) {
      const size_t first = kBytes * static_cast<size_t>(index) / threads;
      const size_t last = kBytes * static_cast<size_t>(index + 1) / threads;
      std::copy(from.begin() + static_cast<ptrdiff_t>(first),
                from.begin() + static_cast<ptrdiff_t>(last),
                to.begin() + static_cast<ptrdiff_t>(first));
    });
    best = std::min(best, SecondsOn(clock) - begin);
  }
  return to.back() == std::byte{1} ? 2e-9 * static_cast<double>(kBytes) / best : 0;
}

}  // namespace gan::core::bench
