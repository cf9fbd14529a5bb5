// Putting an XMP packet into a finished MP4 or PNG file.
#ifndef GAN_MEDIA_VIDEO_XMP_H_
#define GAN_MEDIA_VIDEO_XMP_H_

#include <filesystem>
#include <string>
#include <string_view>

#include "media/video_encoder.h"

namespace gan::core {

// Where Adobe's specification wants it (XMP specification, part 3, 2020):
//
//   MP4   a box at the end:     size | "uuid" | be7acfcb 97a942e8 9c719994 91e3afac | packet
//   PNG   a chunk behind IHDR:  size | "iTXt" | "XML:com.adobe.xmp" 0 0 0 0 0 | packet | CRC-32
//
// Error kIo, naming `name`; also where a PNG does not begin like one.
void AddXmp(VideoFormat format, const std::filesystem::path& path, std::string_view packet,
            const std::string& name);

}  // namespace gan::core

#endif  // GAN_MEDIA_VIDEO_XMP_H_
