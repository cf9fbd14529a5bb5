#include "kernels/transposed_phases.h"

#include <gtest/gtest.h>

namespace gan::core::kernels {
namespace {

TEST(TransposedPhases, EveryElementGoesWhereTheDefinitionSays) {
  for (const int64_t stride : {1, 2, 3, 7}) {
    for (const int64_t dilation : {1, 2}) {
      for (const int64_t before : {0, 1, 3}) {
        int64_t seen = 0;
        for (const AxisPhase& phase : TransposedPhases(4, dilation, before, stride)) {
          EXPECT_TRUE(phase.first >= 0 && phase.first < stride);
          EXPECT_FALSE(phase.taps.empty());
          for (const AxisTap& tap : phase.taps) {
            // Input `offset` is what makes output `first`.
            EXPECT_EQ(tap.offset * stride + tap.element * dilation - before, phase.first);
            ++seen;
          }
        }
        EXPECT_EQ(seen, 4);
      }
    }
  }
}

}  // namespace
}  // namespace gan::core::kernels
