// What a PictureReader holds, for the files of this folder.
#ifndef GAN_MEDIA_PICTURE_STATE_H_
#define GAN_MEDIA_PICTURE_STATE_H_

#include <span>
#include <string>
#include <utility>

#include "media/picture.h"
#include "media/picture_source.h"
#include "media/samples.h"
#include "media/vips_library.h"

namespace gan::core {

struct PictureReader::State {
  PictureSource source;  // outlives the image, which reads from it
  PictureInfo info;
  ImagePtr image;  // upright, grey or RGB and perhaps more bands; carries the metadata
  SampleType type = SampleType::kU8;
  int64_t next_row = 0;

  explicit State(const std::filesystem::path& path) : source(path) {}
  State(std::string name, std::span<const std::byte> bytes) : source(std::move(name), bytes) {}
};

}  // namespace gan::core

#endif  // GAN_MEDIA_PICTURE_STATE_H_
