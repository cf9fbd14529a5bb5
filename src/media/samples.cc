#include "media/samples.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
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
void Quantise(const float* plane, int64_t count, T* samples) {
  constexpr float kGreatest = std::numeric_limits<T>::max();
  constexpr auto kOne = std::bit_cast<int32_t>(1.0f);
  constexpr auto kInfinity = std::bit_cast<int32_t>(std::numeric_limits<float>::infinity());
  for (int64_t x = 0; x < count; ++x) {
    // Floats that are not negative are in the order of their bits. Clamped as floats, each sample
    // would be branches.
    int32_t bits = std::bit_cast<int32_t>(plane[x]);
    bits &= -static_cast<int32_t>((bits > 0) & (bits <= kInfinity));  // NaN becomes 0
    bits = bits < kOne ? bits : kOne;
    samples[x] =
        static_cast<T>(static_cast<int32_t>(std::bit_cast<float>(bits) * kGreatest + 0.5f));
  }
}

template <int kChannels, class T>
void Interleave(const T* planes, int64_t stride, int64_t count, T* pixels) {
  for (int64_t x = 0; x < count; ++x) {
    for (int c = 0; c < kChannels; ++c) pixels[x * kChannels + c] = planes[c * stride + x];
  }
}

// Some pixels at a time are made numbers plane by plane, which compilers do by vectors, and are put
// in order from cache.
template <int kChannels, class T>
void PackChannels(const float* planes, int64_t stride, int64_t width, T* pixels) {
  constexpr int64_t kBlock = 512;
  std::array<T, kChannels * kBlock> block;
  for (int64_t x = 0; x < width; x += kBlock) {
    const int64_t count = std::min(kBlock, width - x);
    for (int c = 0; c < kChannels; ++c) {
      Quantise(planes + c * stride + x, count, block.data() + c * kBlock);
    }
    Interleave<kChannels>(block.data(), kBlock, count, pixels + x * kChannels);
  }
}

template <class T>
void Pack(const float* planes, int64_t stride, int64_t width, int channels, void* pixels) {
  T* samples = static_cast<T*>(pixels);
  switch (channels) {
    case 1: return Quantise(planes, width, samples);
    case 2: return PackChannels<2>(planes, stride, width, samples);
    case 3: return PackChannels<3>(planes, stride, width, samples);
    case 4: return PackChannels<4>(planes, stride, width, samples);
    default: GAN_ASSERT(false);
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
