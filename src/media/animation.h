// Pictures one after another in one file: animated WebP and GIF.
#ifndef GAN_MEDIA_ANIMATION_H_
#define GAN_MEDIA_ANIMATION_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "base/progress.h"
#include "media/picture.h"
#include "tensor/tensor.h"

namespace gan::core {

enum class AnimationFormat : uint8_t { kWebp, kGif };

// By the extension, in any case; nothing for any other.
std::optional<AnimationFormat> AnimationFormatFrom(const std::filesystem::path& path);

struct AnimationOptions {
  int frame_milliseconds = 60;                // 20 to 60,000; GIF rounds to hundredths of a second
  Provenance provenance = Provenance::kNone;  // in WebP's XMP; a GIF has no place for it
  ProgressFn progress;                        // after each frame
  const CancelFlag* cancel = nullptr;
};

// Writes `count` frames that play for ever. The file appears whole or not at all. GIF reduces each
// frame to 256 colours; WebP is without loss. Grey becomes RGB in both.
//
//   frame  gives frame i, [C, H, W] f32 in [0, 1], C from 1 to 4, each of one shape; called in
//          order
//
// Holds all frames as bytes: error kUsage above 1 GiB, above 16,383 pixels a side in a WebP or
// 65,535 in a GIF, or for a path of another extension. kInternal: a sample is NaN or infinite.
// Others as WritePicture.
void WriteAnimation(const std::filesystem::path& path, int64_t count,
                    const std::function<Tensor(int64_t i)>& frame,
                    const AnimationOptions& options = {});

}  // namespace gan::core

#endif  // GAN_MEDIA_ANIMATION_H_
