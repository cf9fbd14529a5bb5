#include "media/picture.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "base/error.h"

namespace gan::core {

std::string_view NameOf(PictureFormat format) {
  switch (format) {
    case PictureFormat::kPng: return "png";
    case PictureFormat::kJpeg: return "jpeg";
    case PictureFormat::kWebp: return "webp";
    case PictureFormat::kTiff: return "tiff";
  }
  GAN_ASSERT(false);
}

PictureFormat FormatFromExtension(const std::filesystem::path& path) {
  std::string extension = path.extension().native();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == ".png") return PictureFormat::kPng;
  if (extension == ".jpg" || extension == ".jpeg" || extension == ".jpe" || extension == ".jfif") {
    return PictureFormat::kJpeg;
  }
  if (extension == ".webp") return PictureFormat::kWebp;
  if (extension == ".tif" || extension == ".tiff") return PictureFormat::kTiff;
  Fail(ErrorCode::kUsage, Printable(path.native(), 500),
       "wants an extension of a picture format that can be written (.png, .jpg, .webp, .tif), got "
       "\"{}\"",
       Printable(extension));
}

}  // namespace gan::core
