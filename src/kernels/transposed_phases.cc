#include "kernels/transposed_phases.h"

#include <map>
#include <utility>

namespace gan::core::kernels {

std::vector<AxisPhase> TransposedPhases(int64_t kernel, int64_t dilation, int64_t before,
                                        int64_t stride) {
  std::map<int64_t, std::vector<AxisTap>> taps;
  for (int64_t element = 0; element < kernel; ++element) {
    // Input i goes to output i * stride + to.
    const int64_t to = element * dilation - before;
    const int64_t first = (to % stride + stride) % stride;
    taps[first].push_back({element, (first - to) / stride});
  }
  std::vector<AxisPhase> phases;
  phases.reserve(taps.size());
  for (auto& [first, of_phase] : taps) phases.push_back({first, std::move(of_phase)});
  return phases;
}

}  // namespace gan::core::kernels
