// The sum of products behind conv2d and conv_transpose2d: direct, blocked for registers and L2.
#ifndef GAN_KERNELS_CORRELATE_H_
#define GAN_KERNELS_CORRELATE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// Where one filter element reads, seen from the output: x[qy * stride_h + dy, qx * stride_w + dx].
struct Tap {
  int64_t dy = 0, dx = 0;
};

// What decides the split into tiles and the workspace. Output pixels form a grid of their own
// (q), which for a transposed convolution is every stride-th pixel of the picture.
struct CorrelateGeometry {
  int64_t inputs = 0;  // channels per group
  std::vector<Tap> taps;
  int64_t stride_h = 1, stride_w = 1;
  int64_t height = 0, width = 0;  // of the output grid
};

// Filters in the order in which the kernel reads them, the same for every target:
// [groups][ceil(outputs / kOutputBlock)][inputs][taps][kOutputBlock], 0 past the last output.
class TapFilter {
 public:
  static constexpr int64_t kOutputBlock = 4;

  TapFilter() = default;
  // inputs, outputs: channels per group. All weights 0.
  TapFilter(int64_t groups, int64_t inputs, int64_t outputs, std::vector<Tap> taps);

  float& Weight(int64_t group, int64_t output, int64_t input, size_t tap);
  float Weight(int64_t group, int64_t output, int64_t input, size_t tap) const;
  const float* Block(int64_t group, int64_t block) const;

  int64_t groups() const { return groups_; }
  int64_t inputs() const { return inputs_; }
  int64_t outputs() const { return outputs_; }
  int64_t blocks() const { return (outputs_ + kOutputBlock - 1) / kOutputBlock; }
  const std::vector<Tap>& taps() const { return taps_; }
  size_t bytes() const { return packed_.bytes(); }

 private:
  size_t Position(int64_t group, int64_t output, int64_t input, size_t tap) const;

  int64_t groups_ = 1, inputs_ = 0, outputs_ = 0;
  std::vector<Tap> taps_;
  Tensor packed_;
};

// Where the results go: element [n, c, qy, qx] at data + n * picture + c * channel + qy * row +
// qx * column.
struct OutputGrid {
  float* data = nullptr;
  int64_t picture = 0, channel = 0, row = 0, column = 1;
};

// Bytes of workspace that Correlate needs with so many threads.
size_t CorrelateWorkspaceBytes(const CorrelateGeometry& geometry, int threads);

// out[n, g * outputs + o, q] = bias[o] + sum over i, t of weight(g, o, i, t) * x[n, g * inputs + i,
// q * stride + tap t], where x is 0 outside its picture.
//
//   x     [N, groups * inputs, H, W]  f32
//   bias  [groups * outputs]          f32, or a view of no elements
//
// Each element is summed in one order, input by input and tap by tap, whatever its place, the
// picture's size and the number of threads. Requires the taps and the channels of `geometry` to be
// the filter's, and `workspace` to be as large as CorrelateWorkspaceBytes says.
// Threads: splits pictures, groups, tiles and, where those are few, output channels.
void Correlate(const ConstTensorView& x, const TapFilter& filter, const ConstTensorView& bias,
               const CorrelateGeometry& geometry, const OutputGrid& out,
               std::span<std::byte> workspace, ThreadPool& pool);

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_CORRELATE_H_
