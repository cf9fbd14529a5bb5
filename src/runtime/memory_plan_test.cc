#include "runtime/memory_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace gan::core {
namespace {

TEST(MemoryPlan, AChainUsesTwoBuffers) {
  const std::vector<Lifetime> chain{{100, 0, 1}, {100, 1, 2}, {100, 2, 3}, {100, 3, 4}};
  EXPECT_EQ(PlanMemory(chain).bytes, 256u);
}

TEST(MemoryPlan, NothingNeedsNothing) { EXPECT_EQ(PlanMemory({}).bytes, 0u); }

TEST(MemoryPlan, NeverOverlapsAndNeverBeatsTheBound) {
  Random random(11);
  for (int round = 0; round < 300; ++round) {
    std::vector<Lifetime> lifetimes;
    const int steps = 12;
    for (uint64_t i = 0, n = 1 + random.Below(20); i < n; ++i) {
      const int first = static_cast<int>(random.Below(steps));
      const int last = first + static_cast<int>(random.Below(static_cast<uint64_t>(steps - first)));
      lifetimes.push_back({random.Below(1000), first, last});
    }
    const MemoryPlan plan = PlanMemory(lifetimes);
    for (size_t a = 0; a < lifetimes.size(); ++a) {
      EXPECT_EQ(plan.offsets[a] % MemoryPlan::kAlignment, 0u);
      EXPECT_LE(plan.offsets[a] + lifetimes[a].bytes, plan.bytes);
      for (size_t b = 0; b < a; ++b) {
        const bool together =
            lifetimes[a].first <= lifetimes[b].last && lifetimes[b].first <= lifetimes[a].last;
        const bool apart = plan.offsets[a] + lifetimes[a].bytes <= plan.offsets[b] ||
                           plan.offsets[b] + lifetimes[b].bytes <= plan.offsets[a];
        EXPECT_TRUE(!together || apart || lifetimes[a].bytes == 0 || lifetimes[b].bytes == 0);
      }
    }
    for (int step = 0; step < steps; ++step) {
      uint64_t alive = 0;
      for (const Lifetime& l : lifetimes) {
        if (l.first <= step && step <= l.last) alive += l.bytes;
      }
      EXPECT_GE(plan.bytes, alive);
    }
  }
}

}  // namespace
}  // namespace gan::core
