#include "media/samples.h"

#include <algorithm>
#include <atomic>
#include <cfloat>
#include <cmath>
#include <limits>
#include <type_traits>

#include "base/error.h"

namespace gan::core {
namespace {

template <class T>
float FloatFrom(T sample) {
  if constexpr (std::is_floating_point_v<T>) {
    // The comparison is false for NaN.
    return sample > T{0} ? static_cast<float>(std::min(sample, T{1})) : 0.0f;
  } else if constexpr (sizeof(T) < sizeof(float)) {
    return static_cast<float>(sample) / static_cast<float>(std::numeric_limits<T>::max());
  } else {
    return static_cast<float>(sample / static_cast<double>(std::numeric_limits<T>::max()));
  }
}

template <class T>
void Unpack(const void* pixels, int64_t width, int bands, int channels, float* planes,
            int64_t stride) {
  const T* samples = static_cast<const T*>(pixels);
  for (int c = 0; c < channels; ++c) {
    float* plane = planes + c * stride;
    for (int64_t x = 0; x < width; ++x) plane[x] = FloatFrom(samples[x * bands + c]);
  }
}

template <class T>
void Pack(const float* planes, int64_t stride, int64_t width, int channels, void* pixels) {
  constexpr float kGreatest = std::numeric_limits<T>::max();
  T* samples = static_cast<T*>(pixels);
  for (int c = 0; c < channels; ++c) {
    const float* plane = planes + c * stride;
    for (int64_t x = 0; x < width; ++x) {
      // In this order of arguments NaN becomes 0, so that the conversion is always defined.
      const float clamped = std::min(std::max(0.0f, plane[x]), 1.0f);
      samples[x * channels + c] = static_cast<T>(clamped * kGreatest + 0.5f);
    }
  }
}

}  // namespace

void UnpackRow(SampleType type, const void* pixels, int64_t width, int bands, int channels,
               float* planes, int64_t stride) {
  GAN_ASSERT(channels <= bands);
  switch (type) {
    case SampleType::kU8: return Unpack<uint8_t>(pixels, width, bands, channels, planes, stride);
    case SampleType::kU16: return Unpack<uint16_t>(pixels, width, bands, channels, planes, stride);
    case SampleType::kU32: return Unpack<uint32_t>(pixels, width, bands, channels, planes, stride);
    case SampleType::kF32: return Unpack<float>(pixels, width, bands, channels, planes, stride);
    case SampleType::kF64: return Unpack<double>(pixels, width, bands, channels, planes, stride);
  }
}

bool AllFinite(std::span<const float> samples, ThreadPool* pool) {
  std::atomic<bool> all = true;
  ShareOut(pool, static_cast<int64_t>(samples.size()), [&](int64_t begin, int64_t end) {
    bool finite = true;
    for (int64_t i = begin; i < end; ++i) {
      finite &= std::fabs(samples[static_cast<size_t>(i)]) <= FLT_MAX;
    }
    if (!finite) all = false;
  });
  return all;
}

void PackRow(const float* planes, int64_t stride, int64_t width, int channels, int bits,
             void* pixels) {
  GAN_ASSERT(bits == 8 || bits == 16);
  return bits == 8 ? Pack<uint8_t>(planes, stride, width, channels, pixels)
                   : Pack<uint16_t>(planes, stride, width, channels, pixels);
}

void PackPixels(const PixelFormat& format, float* planes, int64_t stride, int64_t width,
                void* pixels) {
  if (format.flatten) {
    FlattenRow(planes, stride, width,
               std::span(format.background).first(static_cast<size_t>(format.colours)));
  }
  PackRow(planes, stride, width, format.samples(), format.bits, pixels);
}

void FlattenRow(float* planes, int64_t stride, int64_t width, std::span<const float> background) {
  const float* alpha = planes + static_cast<int64_t>(background.size()) * stride;
  for (size_t c = 0; c < background.size(); ++c) {
    float* plane = planes + static_cast<int64_t>(c) * stride;
    for (int64_t x = 0; x < width; ++x) {
      const float opacity = std::min(std::max(0.0f, alpha[x]), 1.0f);
      plane[x] = plane[x] * opacity + background[c] * (1 - opacity);
    }
  }
}

}  // namespace gan::core
