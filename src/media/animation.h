// Pictures one after another in one file: animated WebP, GIF and PNG, and MP4.
#ifndef GAN_MEDIA_ANIMATION_H_
#define GAN_MEDIA_ANIMATION_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "base/progress.h"
#include "media/picture.h"
#include "media/video_encoder.h"
#include "tensor/tensor.h"

namespace gan::core {

enum class AnimationFormat : uint8_t { kWebp, kGif, kApng, kMp4 };

// By the extension, in any case; nothing for any other.
std::optional<AnimationFormat> AnimationFormatFrom(const std::filesystem::path& path);

// Whether FFmpeg writes it, so that it wants AnimationOptions::open_video.
bool IsVideo(AnimationFormat format);

struct AnimationOptions {
  int frame_milliseconds = 60;                // 20 to 60,000; GIF rounds to hundredths of a second
  Provenance provenance = Provenance::kNone;  // in XMP; a GIF has no place for it
  VideoOpener open_video;                     // see IsVideo()
  ProgressFn progress;                        // after each frame
  const CancelFlag* cancel = nullptr;
};

// Writes `count` frames that play for ever, in an MP4 once. The file appears whole or not at all.
// GIF reduces each frame to 256 colours; WebP and PNG are without loss. Grey becomes RGB in all but
// PNG. An MP4 has no transparency: what shows through is white.
//
//   frame  gives frame i, [C, H, W] f32 in [0, 1], C from 1 to 4, each of one shape; called in
//          order
//
// WebP and GIF hold all frames as bytes: error kUsage above 1 GiB. PNG and MP4 are written as
// frames come, a few dozen of which FFmpeg holds. kUsage, too, above 16,383 pixels a side in a
// WebP, 65,535 in a GIF or 16,384 in the others, or for a path of another extension. kInternal: a
// sample is NaN or infinite. Others as WritePicture and OpenVideo.
void WriteAnimation(const std::filesystem::path& path, int64_t count,
                    const std::function<Tensor(int64_t i)>& frame,
                    const AnimationOptions& options = {});

}  // namespace gan::core

#endif  // GAN_MEDIA_ANIMATION_H_
