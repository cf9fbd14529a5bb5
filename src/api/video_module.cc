// The module's side of MP4 and APNG. Compiled into libgan_video.so alone.
#include "media/video_encoder.h"
#include "runtime/plugin.h"

extern "C" __attribute__((visibility("default"))) gan::core::VideoEncoder* GanOpenVideo(
    const char* version, const gan::core::VideoOptions* options) {
  gan::core::CheckPluginVersion(version);
  return gan::core::OpenVideo(*options).release();
}

extern "C" __attribute__((visibility("default"))) void GanDescribeVideo(const char* version,
                                                                        std::string* description) {
  gan::core::CheckPluginVersion(version);
  *description = gan::core::DescribeVideo();
}
