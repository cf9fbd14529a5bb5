// The module's side of MP4 and APNG. Compiled into libgan_video.so alone.
#include "media/video_encoder.h"
#include "runtime/plugin.h"

extern "C" __attribute__((visibility("default"))) gan::core::VideoEncoder* GanOpenVideo(
    const char* version, const gan::core::VideoOptions* options) {
  gan::core::CheckPluginVersion(version);
  return gan::core::OpenVideo(*options).release();
}
