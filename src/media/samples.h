// Samples as pictures store them (integers, interleaved) and as networks want them (planes of
// floats), a row at a time.
#ifndef GAN_MEDIA_SAMPLES_H_
#define GAN_MEDIA_SAMPLES_H_

#include <cstdint>
#include <span>

#include "base/thread_pool.h"

namespace gan::core {

enum class SampleType : uint8_t { kU8, kU16, kU32, kF32, kF64 };

// One row of `width` pixels of `bands` interleaved samples into planes [0, 1]: channel c of pixel x
// goes to planes[c * stride + x]. Integers are divided by their greatest value; floats are clamped,
// NaN becomes 0. Bands past `channels` are left out.
void UnpackRow(SampleType type, const void* pixels, int64_t width, int bands, int channels,
               float* planes, int64_t stride);

// False when a sample is NaN or infinite. One thread alone looks where `pool` is null.
[[nodiscard]] bool AllFinite(std::span<const float> samples, ThreadPool* pool = nullptr);

// The reverse of UnpackRow, into 8-bit or 16-bit samples: clamped to [0, 1] as floats, then rounded
// to the nearest. NaN becomes 0.
void PackRow(const float* planes, int64_t stride, int64_t width, int channels, int bits,
             void* pixels);

// Lays colour on a background in place: planes of `colours` channels and, after them, alpha.
// Background: `colours` values.
void FlattenRow(float* planes, int64_t stride, int64_t width, std::span<const float> background);

}  // namespace gan::core

#endif  // GAN_MEDIA_SAMPLES_H_
