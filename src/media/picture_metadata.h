// Carrying a picture's metadata from the file it was read from to the one that is written.
#ifndef GAN_MEDIA_PICTURE_METADATA_H_
#define GAN_MEDIA_PICTURE_METADATA_H_

#include "media/picture.h"
#include "media/vips_library.h"

namespace gan::core {

// Puts on `target`, an image about to be saved as `format`, what the file behind `source` (may be
// null) says and the options keep: ICC profile where it fits the number of colours, EXIF with
// orientation 1, XMP, IPTC, comments, resolution; and the provenance. Error kInternal never; what a
// format cannot carry is left out with a warning in the log.
void AttachMetadata(const PictureReader* source, PictureFormat format,
                    const PictureWriteOptions& options, VipsImage* target);

}  // namespace gan::core

#endif  // GAN_MEDIA_PICTURE_METADATA_H_
