#include "kernels/conv_transpose2d.h"

#include <vector>

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {

void ConvTranspose2d(const ConstTensorView& in, const ConstTensorView& weight,
                     const ConstTensorView& bias, const ConvTranspose2dParams& params,
                     const TensorView& out) {
  const int64_t inputs = in.shape[1] / params.groups, outputs = weight.shape[1];
  const int64_t height = out.shape[2], width = out.shape[3];
  std::vector<double> sums(static_cast<size_t>(height * width));
  // Each input pixel adds the filter, scaled, to the output around it.
  const auto add = [&](int64_t y, int64_t x, int64_t i, int64_t o, double value) {
    for (int64_t u = 0; u < weight.shape[2]; ++u) {
      for (int64_t v = 0; v < weight.shape[3]; ++v) {
        const int64_t to_y = y * params.stride_h + u * params.dilation_h - params.padding.top;
        const int64_t to_x = x * params.stride_w + v * params.dilation_w - params.padding.left;
        if (to_y < 0 || to_y >= height || to_x < 0 || to_x >= width) continue;
        sums[static_cast<size_t>(to_y * width + to_x)] += value * At(weight, {i, o, u, v});
      }
    }
  };
  for (int64_t n = 0; n < out.shape[0]; ++n) {
    for (int64_t channel = 0; channel < out.shape[1]; ++channel) {
      sums.assign(sums.size(), bias.data == nullptr ? 0.0 : At(bias, {channel}));
      const int64_t first = channel / outputs * inputs;
      for (int64_t i = first; i < first + inputs; ++i) {
        for (int64_t y = 0; y < in.shape[2]; ++y) {
          for (int64_t x = 0; x < in.shape[3]; ++x) {
            add(y, x, i, channel % outputs, At(in, {n, i, y, x}));
          }
        }
      }
      for (int64_t i = 0; i < height * width; ++i) {
        At(out, {n, channel, i / width, i % width}) =
            static_cast<float>(sums[static_cast<size_t>(i)]);
      }
    }
  }
}

}  // namespace gan::core::kernels::reference
