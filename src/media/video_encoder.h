// Frames into a file by FFmpeg's libraries: H.264 in MP4, and animated PNG.
//
// They take long to load, so what uses them is a library of its own, libgan_video.so, which is
// loaded when somebody asks for one of these formats. Program and module share C++ types.
#ifndef GAN_MEDIA_VIDEO_ENCODER_H_
#define GAN_MEDIA_VIDEO_ENCODER_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace gan::core {

enum class VideoFormat : uint8_t {
  kMp4,   // H.264, where FFmpeg has no encoder for it MPEG-4; YUV 4:2:0, BT.709
  kApng,  // without loss, plays for ever
};

struct VideoOptions {
  std::filesystem::path path;  // written as it stands: see AtomicFile
  std::string name;            // for messages
  VideoFormat format = VideoFormat::kMp4;
  int64_t width = 0, height = 0;
  int channels = 3;             // 1 to 4: grey, with alpha, RGB, with alpha; of MP4 3
  int frame_milliseconds = 60;  // of every frame
};

// One thread works, so the bytes are the same on every machine with the same FFmpeg.
// Not thread-safe.
class VideoEncoder {
 public:
  virtual ~VideoEncoder() = default;
  // The next frame: `height` rows of `width` pixels of `channels` bytes. In MP4, where sides are
  // even, a last odd column or row is there twice. Error kIo: cannot be written.
  virtual void Add(std::span<const uint8_t> frame) = 0;
  // Writes what is still to be written. Error kIo.
  virtual void Finish() = 0;
};

// Error kUsage: a size that the format does not take. kConfiguration: an FFmpeg without the
// encoder. kCannotCreate, kIo.
std::unique_ptr<VideoEncoder> OpenVideo(const VideoOptions& options);

using VideoOpener = std::function<std::unique_ptr<VideoEncoder>(const VideoOptions&)>;

// What this machine's FFmpeg can write, and with what: "mp4 (libx264), apng"; "" for nothing.
std::string DescribeVideo();

// What libgan_video.so exports with C linkage: OpenVideo() and DescribeVideo(), once versions are
// compared.
inline constexpr const char* kOpenVideoFunction = "GanOpenVideo";
using OpenVideoFunction = VideoEncoder*(const char* version, const VideoOptions* options);
inline constexpr const char* kDescribeVideoFunction = "GanDescribeVideo";
using DescribeVideoFunction = void(const char* version, std::string* description);

}  // namespace gan::core

#endif  // GAN_MEDIA_VIDEO_ENCODER_H_
