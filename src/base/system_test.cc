#include "base/system.h"

#include <gtest/gtest.h>

#include <vector>

namespace gan::core {
namespace {

TEST(System, FiguresArePlausible) {
  EXPECT_GT(TotalMemory(), 64u << 20);
  EXPECT_GT(AvailableMemory(), 1u << 20);
  EXPECT_LE(AvailableMemory(), TotalMemory());
  EXPECT_FALSE(ProcessorName().empty());
}

TEST(System, PeakGrowsWithUse) {
  const uint64_t before = PeakResidentMemory();
  const std::vector<char> block(size_t{64} << 20, 1);
  EXPECT_GE(PeakResidentMemory() + (8u << 20), before + block.size());
}

}  // namespace
}  // namespace gan::core
