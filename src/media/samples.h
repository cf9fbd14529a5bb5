// Samples as pictures store them (integers, interleaved) and as networks want them (planes of
// floats), a row at a time.
#ifndef GAN_MEDIA_SAMPLES_H_
#define GAN_MEDIA_SAMPLES_H_

#include <array>
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

// A pixel as a file holds it, its samples side by side.
struct PixelFormat {
  int colours = 3;         // 1 or 3
  bool has_alpha = false;  // of what is packed: one more plane, the last
  bool flatten = false;    // alpha is not stored: the colours are laid on the background by it
  std::array<float, 3> background = {1, 1, 1};
  int bits = 8;  // of a sample: 8 or 16

  int samples() const { return colours + (has_alpha && !flatten ? 1 : 0); }
  int64_t bytes() const { return int64_t{samples()} * bits / 8; }
};

// A row as PackRow packs it, flattened before if the format says so: the planes may change.
void PackPixels(const PixelFormat& format, float* planes, int64_t stride, int64_t width,
                void* pixels);

// Lays colour on a background in place: planes of `colours` channels and, after them, alpha.
// Background: `colours` values.
void FlattenRow(float* planes, int64_t stride, int64_t width, std::span<const float> background);

}  // namespace gan::core

#endif  // GAN_MEDIA_SAMPLES_H_
