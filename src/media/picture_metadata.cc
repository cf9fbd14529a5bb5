#include "media/picture_metadata.h"

#include <string>
#include <string_view>

#include "base/log.h"
#include "media/picture_state.h"
#include "media/xmp.h"

namespace gan::core {
namespace {

// Bytes of a metadata field, empty when there is none. Valid as long as the image.
std::string_view Blob(const VipsImage* image, const char* field) {
  const void* data = nullptr;
  size_t size = 0;
  if (vips_image_get_typeof(image, field) == 0 ||
      vips_image_get_blob(image, field, &data, &size) != 0) {
    return {};
  }
  return {static_cast<const char*>(data), size};
}

void SetBlob(VipsImage* image, const char* field, std::string_view bytes) {
  if (!bytes.empty()) vips_image_set_blob_copy(image, field, bytes.data(), bytes.size());
}

// A profile names the colour space of its pixels in bytes 16 to 19.
void CopyProfile(const VipsImage* from, VipsImage* to) {
  const std::string_view profile = Blob(from, VIPS_META_ICC_NAME);
  if (profile.empty()) return;
  const std::string_view space = profile.size() >= 20 ? profile.substr(16, 4) : "";
  const bool grey = to->Bands < 3;
  if (space == (grey ? "GRAY" : "RGB ")) {
    SetBlob(to, VIPS_META_ICC_NAME, profile);
  } else {
    Log().warn("the source's colour profile is not for {} pixels; it is left out",
               grey ? "grey" : "RGB");
  }
}

void RemoveFields(VipsImage* image, std::string_view prefix) {
  gchar** fields = vips_image_get_fields(image);
  for (gchar** field = fields; *field != nullptr; ++field) {
    if (std::string_view(*field).starts_with(prefix)) vips_image_remove(image, *field);
  }
  g_strfreev(fields);
}

void CopyExif(const VipsImage* from, VipsImage* to) {
  // libvips takes the block apart here into fields, and builds it anew from them when it saves.
  SetBlob(to, VIPS_META_EXIF_NAME, Blob(from, VIPS_META_EXIF_NAME));
  vips_autorot_remove_angle(to);
  // The reader drops the thumbnail of a picture that it turned; what EXIF says of it goes too.
  if (Blob(from, "jpeg-thumbnail-data").empty()) {
    vips_image_remove(to, "jpeg-thumbnail-data");
    RemoveFields(to, "exif-ifd1-");
  }
}

void CopyString(const VipsImage* from, VipsImage* to, const char* field) {
  const char* text = nullptr;
  if (vips_image_get_typeof(from, field) != 0 && vips_image_get_string(from, field, &text) == 0) {
    vips_image_set_string(to, field, text);
  }
}

void CopyComments(VipsImage* from, VipsImage* to) {
  // Text chunks of PNG files, one field each.
  gchar** fields = vips_image_get_fields(from);
  for (gchar** field = fields; *field != nullptr; ++field) {
    if (std::string_view(*field).starts_with("png-comment-")) CopyString(from, to, *field);
  }
  g_strfreev(fields);
  CopyString(from, to, VIPS_META_IMAGEDESCRIPTION);
}

// Whether the pixels per millimetre of an image mean something: 1 is libvips's word for unknown,
// and a file may give a mere proportion without a unit, which libvips takes for millimetres.
bool KnowsResolution(const VipsImage* image) {
  const char* unit = nullptr;
  const bool exif_without_unit =
      vips_image_get_typeof(image, "exif-ifd0-ResolutionUnit") != 0 &&
      vips_image_get_string(image, "exif-ifd0-ResolutionUnit", &unit) == 0 &&
      std::string_view(unit).starts_with("1 ");
  return image->Xres > 0 && image->Yres > 0 && image->Xres != 1 && !exif_without_unit &&
         vips_image_get_typeof(image, VIPS_META_RESOLUTION_UNIT) != 0;
}

void SetResolution(const PictureReader* source, VipsImage* to) {
  const VipsImage* from = source ? source->state().image.get() : nullptr;
  // PNG has one unit only, of which libvips says nothing.
  if (from && (KnowsResolution(from) || source->info().format == PictureFormat::kPng)) {
    to->Xres = from->Xres;
    to->Yres = from->Yres;
  } else if (!KnowsResolution(to)) {
    // EXIF did not say either. 72 per inch is what everybody writes then.
    to->Xres = to->Yres = 72 / 25.4;
  }
  vips_image_set_string(to, VIPS_META_RESOLUTION_UNIT, "in");
}

}  // namespace

void AttachMetadata(const PictureReader* source, PictureFormat format,
                    const PictureWriteOptions& options, VipsImage* target) {
  VipsImage* from = source ? source->state().image.get() : nullptr;
  std::string xmp;
  if (from) CopyProfile(from, target);
  if (from && !options.strip_metadata) {
    CopyExif(from, target);
    CopyComments(from, target);
    xmp = Blob(from, VIPS_META_XMP_NAME);
    // These two are packed differently in JPEG and TIFF.
    if (format == source->info().format) {
      SetBlob(target, VIPS_META_IPTC_NAME, Blob(from, VIPS_META_IPTC_NAME));
      SetBlob(target, VIPS_META_PHOTOSHOP_NAME, Blob(from, VIPS_META_PHOTOSHOP_NAME));
    }
  }
  SetResolution(source, target);
  if (options.provenance != Provenance::kNone) xmp = AddProvenance(xmp, options.provenance);
  // Larger packets need JPEG's extended XMP, which libvips does not write.
  constexpr size_t kJpegLimit = 60000;
  if (format == PictureFormat::kJpeg && xmp.size() > kJpegLimit) {
    Log().warn("the source's XMP is too large for JPEG ({} bytes); it is left out", xmp.size());
    xmp = options.provenance != Provenance::kNone ? AddProvenance({}, options.provenance) : "";
  }
  SetBlob(target, VIPS_META_XMP_NAME, xmp);
}

}  // namespace gan::core
