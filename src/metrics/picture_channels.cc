#include "metrics/picture_channels.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace gan::core {
namespace {

float RoundedTo8Bits(float value) {
  return std::round((std::clamp(value, -1.0f, 1.0f) + 1) * 127.5f) / 127.5f - 1;
}

}  // namespace

Tensor AsSaved(const Tensor& pictures) {
  const Shape& shape = pictures.shape();
  const int64_t colours = shape[1] <= 2 ? 1 : 3;
  const bool alpha = shape[1] % 2 == 0;
  const int64_t plane = shape[2] * shape[3];
  Tensor out(DType::kF32, {shape[0], colours, shape[2], shape[3]});
  for (int64_t n = 0; n < shape[0]; ++n) {
    const float* in = pictures.floats().data() + n * shape[1] * plane;
    float* to = out.floats().data() + n * colours * plane;
    for (int64_t c = 0; c < colours; ++c) {
      for (int64_t i = 0; i < plane; ++i) {
        float value = RoundedTo8Bits(in[c * plane + i]);
        if (alpha) {
          const float opacity = (RoundedTo8Bits(in[colours * plane + i]) + 1) / 2;
          value = opacity * value + (1 - opacity);
        }
        to[c * plane + i] = value;
      }
    }
  }
  return out;
}

Tensor WithColours(const Tensor& pictures, int64_t channels) {
  const Shape& shape = pictures.shape();
  if (shape[1] == channels) return pictures;
  GAN_ASSERT(std::max(shape[1], channels) == 3 && std::min(shape[1], channels) == 1);
  const int64_t plane = shape[2] * shape[3];
  Tensor out(DType::kF32, {shape[0], channels, shape[2], shape[3]});
  for (int64_t n = 0; n < shape[0]; ++n) {
    const float* in = pictures.floats().data() + n * shape[1] * plane;
    float* to = out.floats().data() + n * channels * plane;
    for (int64_t i = 0; i < plane; ++i) {
      if (channels == 1) {
        to[i] = 0.299f * in[i] + 0.587f * in[plane + i] + 0.114f * in[2 * plane + i];
      } else {
        for (int64_t c = 0; c < channels; ++c) to[c * plane + i] = in[i];
      }
    }
  }
  return out;
}

}  // namespace gan::core
