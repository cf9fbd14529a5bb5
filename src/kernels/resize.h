// Resamples pictures, with the sample positions of PyTorch's interpolate.
#ifndef GAN_KERNELS_RESIZE_H_
#define GAN_KERNELS_RESIZE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

enum class ResizeMode {
  kNearest,   // kAsymmetric rounds down, as PyTorch's "nearest"; the others to the nearest
  kBilinear,  // 2 x 2 pixels; positions before the first pixel count as the first
  kBicubic,   // 4 x 4 pixels, Keys' kernel with a = -0.75
};

// Where output pixel o lies in the input, for scale s.
enum class ResizeCoordinates {
  kAsymmetric,    // o / s
  kHalfPixel,     // (o + 1/2) / s - 1/2
  kAlignCorners,  // o (in - 1) / (out - 1), and 0 for a single output pixel
};

struct ResizeParams {
  ResizeMode mode = ResizeMode::kNearest;
  ResizeCoordinates coordinates = ResizeCoordinates::kAsymmetric;
  // The scale as a fraction, so that positions are exact: pixels of a tile get the same weights
  // as the same pixels of the whole picture.
  int64_t num_h = 1, den_h = 1;
  int64_t num_w = 1, den_w = 1;
};

// The pixels that each output pixel along one axis is made of: output o is the sum of
// weight[o * taps + t] * pixel index[o * taps + t]. Pixels past the border are its last.
struct ResizeAxis {
  int64_t taps = 1;
  std::vector<int64_t> index;
  std::vector<float> weight;
};
ResizeAxis MakeResizeAxis(ResizeMode mode, ResizeCoordinates coordinates, int64_t num, int64_t den,
                          int64_t in, int64_t out);

// Bytes of workspace for an input row of this width and a pool of so many threads.
size_t ResizeWorkspaceBytes(int64_t width, int threads);

// x [N, C, H, W] -> out [N, C, any, any], f32, not overlapping.
// Threads: splits channels and rows. Allocates the tables of both axes, 12 bytes per tap.
void Resize(const ConstTensorView& x, const ResizeParams& params, const TensorView& out,
            std::span<std::byte> workspace, ThreadPool& pool);

namespace reference {
void Resize(const ConstTensorView& x, const ResizeParams& params, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_RESIZE_H_
