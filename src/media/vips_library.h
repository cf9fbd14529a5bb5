// The bare necessities of libvips for this folder: starting it, owning its objects, its error text.
#ifndef GAN_MEDIA_VIPS_LIBRARY_H_
#define GAN_MEDIA_VIPS_LIBRARY_H_

#include <vips/vips.h>

#include <memory>
#include <string>

namespace gan::core {

// Starts libvips once per process: its untrusted loaders blocked, no operation cache, one worker
// per pipeline (the pictures' producers have threads of their own). Takes some 25 ms the first time
// (libvips loads its modules), which is why nothing calls it before a picture is touched. Error
// kConfiguration when it does not start. Thread-safe.
void StartVips();

// The text of the first of libvips's errors on one line, fit for a message; all are forgotten.
std::string TakeVipsError();

struct Unreference {
  void operator()(void* object) const { g_object_unref(object); }
};
using ImagePtr = std::unique_ptr<VipsImage, Unreference>;
using SourcePtr = std::unique_ptr<VipsSource, Unreference>;
using RegionPtr = std::unique_ptr<VipsRegion, Unreference>;

}  // namespace gan::core

#endif  // GAN_MEDIA_VIPS_LIBRARY_H_
