#include "media/picture_source.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

using namespace std::string_view_literals;

struct Signature {
  size_t offset;
  std::string_view bytes;
  std::string_view kind;
};

// Kinds of file that people take for pictures we read. The first that fits counts.
constexpr Signature kOthers[] = {
    {0, "GIF8"sv, "a GIF picture"},
    {0, "BM"sv, "a BMP picture"},
    {0, "%PDF"sv, "a PDF document"},
    {4, "ftypheic"sv, "a HEIC picture"},
    {4, "ftypheix"sv, "a HEIC picture"},
    {4, "ftypmif1"sv, "a HEIF picture"},
    {4, "ftypavif"sv, "an AVIF picture"},
    {4, "ftyp"sv, "an MP4 or QuickTime film"},
    {0, "\xFF\x0A"sv, "a JPEG XL picture"},
    {4, "JXL \r\n"sv, "a JPEG XL picture"},
    {4, "jP  \r\n"sv, "a JPEG 2000 picture"},
    {0, "\xFF\x4F\xFF\x51"sv, "a JPEG 2000 picture"},
    {0, "\x76\x2F\x31\x01"sv, "an OpenEXR picture"},
    {0, "8BPS"sv, "a Photoshop document"},
    {0, "<svg"sv, "an SVG drawing"},
    {0, "<?xml"sv, "an XML document or an SVG drawing"},
    {0, "<!DOCTYPE"sv, "an HTML or XML document"},
    {0, "<!doctype"sv, "an HTML document"},
    {0, "<html"sv, "an HTML document"},
    {0, "PK\x03\x04"sv, "a zip archive"},
    {0, "\x1F\x8B"sv, "gzip-compressed data"},
    {0, "7z\xBC\xAF\x27\x1C"sv, "a 7z archive"},
    {0, "\x1A\x45\xDF\xA3"sv, "a Matroska or WebM film"},
};

constexpr Signature kFormats[] = {
    {0, "\x89PNG\r\n\x1A\n"sv, "png"},
    {0, "\xFF\xD8\xFF"sv, "jpeg"},
    {8, "WEBP"sv, "webp"},
    {0, "II*\0"sv, "tiff"},
    {0, "MM\0*"sv, "tiff"},
    {0, "II+\0"sv, "tiff"},
    {0, "MM\0+"sv, "tiff"},
};

bool Fits(const Signature& signature, std::string_view start) {
  return start.size() > signature.offset &&
         start.substr(signature.offset).starts_with(signature.bytes);
}

}  // namespace

PictureSource::PictureSource(const std::filesystem::path& path)
    : file_(path), name_(file_->name()), format_(Recognise()) {}

PictureSource::PictureSource(std::string name, std::span<const std::byte> bytes)
    : bytes_(bytes), name_(std::move(name)), format_(Recognise()) {}

void PictureSource::ReadAt(uint64_t offset, std::span<std::byte> out) const {
  if (file_) return file_->ReadAt(offset, out);
  GAN_ASSERT(offset <= bytes_.size() && out.size() <= bytes_.size() - offset);
  std::ranges::copy(bytes_.subspan(offset, out.size()), out.begin());
}

PictureFormat PictureSource::Recognise() const {
  std::array<std::byte, 16> bytes{};
  const size_t count = std::min<uint64_t>(bytes.size(), size());
  ReadAt(0, std::span(bytes.data(), count));
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), count);
  for (const Signature& signature : kFormats) {
    if (!Fits(signature, start)) continue;
    for (const PictureFormat format :
         {PictureFormat::kPng, PictureFormat::kJpeg, PictureFormat::kWebp, PictureFormat::kTiff}) {
      if (signature.kind == NameOf(format)) return format;
    }
  }
  if (start.empty()) Fail(ErrorCode::kBadData, name_, "is empty, not a picture");
  const auto* other = std::find_if(std::begin(kOthers), std::end(kOthers),
                                   [&](const Signature& s) { return Fits(s, start); });
  Fail(ErrorCode::kBadData, name_, "is {}; pictures that can be read are PNG, JPEG, WebP and TIFF",
       other != std::end(kOthers) ? other->kind : "no picture that is known here"sv);
}

gint64 PictureSource::Read(VipsSourceCustom*, void* buffer, gint64 length, PictureSource* self) {
  try {
    const uint64_t left = self->size() - std::min(self->position_, self->size());
    const auto count = static_cast<size_t>(
        std::min<uint64_t>(left, static_cast<uint64_t>(std::max<gint64>(0, length))));
    self->ReadAt(self->position_, std::span(static_cast<std::byte*>(buffer), count));
    self->position_ += count;
    return static_cast<gint64>(count);
  } catch (...) {
    self->read_error_ = std::current_exception();
    return -1;
  }
}

gint64 PictureSource::Seek(VipsSourceCustom*, gint64 offset, int whence, PictureSource* self) {
  const auto size = static_cast<gint64>(self->size());
  const auto base = whence == SEEK_SET   ? 0
                    : whence == SEEK_CUR ? static_cast<gint64>(self->position_)
                                         : size;
  gint64 target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0) return -1;
  self->position_ = static_cast<uint64_t>(target);
  return target;
}

ImagePtr PictureSource::Load(VipsAccess access, bool lenient) {
  StartVips();
  vips_error_clear();
  position_ = 0;
  VipsSourceCustom* custom = vips_source_custom_new();
  const SourcePtr source(VIPS_SOURCE(custom));
  g_signal_connect(custom, "read", G_CALLBACK(&PictureSource::Read), this);
  g_signal_connect(custom, "seek", G_CALLBACK(&PictureSource::Seek), this);
  const auto load = format_ == PictureFormat::kPng    ? vips_pngload_source
                    : format_ == PictureFormat::kJpeg ? vips_jpegload_source
                    : format_ == PictureFormat::kWebp ? vips_webpload_source
                                                      : vips_tiffload_source;
  VipsImage* image = nullptr;
  const int failed = load(source.get(), &image, "access", access, "fail_on",
                          lenient ? VIPS_FAIL_ON_NONE : VIPS_FAIL_ON_ERROR, nullptr);
  if (failed) FailForVips("has no header that can be read");
  return ImagePtr(image);
}

void PictureSource::FailForVips(std::string_view wanted) {
  if (read_error_) std::rethrow_exception(std::exchange(read_error_, nullptr));
  // The file itself is read by us: what the system refuses libvips is its temporary file.
  const bool system =
      std::string_view(vips_error_buffer()).find("unix error") != std::string_view::npos;
  const std::string reason = TakeVipsError();
  if (system) {
    Fail(ErrorCode::kIo, name(), "{}: {}; is there room for a temporary file?", wanted, reason);
  }
  Fail(ErrorCode::kBadData, name(), "{}: {}; the {} file is broken or truncated", wanted, reason,
       NameOf(format_));
}

}  // namespace gan::core
