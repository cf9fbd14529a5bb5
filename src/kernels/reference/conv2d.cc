#include "kernels/conv2d.h"

#include <vector>

#include "kernels/reference/elements.h"

namespace gan::core::kernels::reference {
namespace {

// Adds weight * x along one output row. Separate from the loops over channels and filter so that
// the compiler sees how plain it is.
void AddRow(double weight, const float* x, int64_t stride, std::vector<double>& sums) {
  for (size_t i = 0; i < sums.size(); ++i) sums[i] += weight * x[static_cast<int64_t>(i) * stride];
}

}  // namespace

void Conv2d(const ConstTensorView& in, const ConstTensorView& weight, const ConstTensorView& bias,
            const Conv2dParams& params, const TensorView& out) {
  const int64_t inputs = weight.shape[1];
  const int64_t outputs = weight.shape[0] / params.groups;
  const int64_t height = in.shape[2], width = in.shape[3], out_width = out.shape[3];
  // A row of the padded picture, long enough for every filter column at every output.
  const Padding2d& p = params.padding;
  std::vector<float> row(static_cast<size_t>(p.left + width + p.right));
  std::vector<double> sums(static_cast<size_t>(out_width));
  for (int64_t n = 0; n < out.shape[0]; ++n) {
    for (int64_t o = 0; o < out.shape[1]; ++o) {
      for (int64_t y = 0; y < out.shape[2]; ++y) {
        sums.assign(sums.size(), bias.data == nullptr ? 0.0 : At(bias, {o}));
        for (int64_t i = 0; i < inputs; ++i) {
          for (int64_t u = 0; u < weight.shape[2]; ++u) {
            const int64_t from = y * params.stride_h + u * params.dilation_h - p.top;
            if (from < 0 || from >= height) continue;
            const int64_t channel = o / outputs * inputs + i;
            for (int64_t x = 0; x < width; ++x) {
              row[static_cast<size_t>(p.left + x)] = At(in, {n, channel, from, x});
            }
            for (int64_t v = 0; v < weight.shape[3]; ++v) {
              AddRow(At(weight, {o, i, u, v}), row.data() + v * params.dilation_w, params.stride_w,
                     sums);
            }
          }
        }
        for (int64_t x = 0; x < out_width; ++x) {
          At(out, {n, o, y, x}) = static_cast<float>(sums[static_cast<size_t>(x)]);
        }
      }
    }
  }
}

}  // namespace gan::core::kernels::reference
