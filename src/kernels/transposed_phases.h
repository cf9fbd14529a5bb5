// A transposed convolution seen from its output: along an axis, output places that agree modulo the
// stride read the same filter elements.
#ifndef GAN_KERNELS_TRANSPOSED_PHASES_H_
#define GAN_KERNELS_TRANSPOSED_PHASES_H_

#include <cstdint>
#include <vector>

namespace gan::core::kernels {

// Output first + stride * q gets filter element `element` from input q + offset.
struct AxisTap {
  int64_t element = 0, offset = 0;
};

struct AxisPhase {
  int64_t first = 0;          // output, below the stride
  std::vector<AxisTap> taps;  // one or more
};

// The phases that any of the `kernel` elements reaches, by their first output. There are no more of
// them than elements, however large the stride. `before` outputs are cut off the result's begin.
std::vector<AxisPhase> TransposedPhases(int64_t kernel, int64_t dilation, int64_t before,
                                        int64_t stride);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_TRANSPOSED_PHASES_H_
