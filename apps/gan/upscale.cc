// gan upscale: pictures in, larger pictures out.
#include "gan/upscale.h"

#include "picture_command.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan upscale photo.jpg -m realesr.pth                 writes photo_x4.jpg beside it\n"
    "  gan upscale photo.jpg -m realesr -o large.png --width 3840\n"
    "  gan upscale holiday/ -r -m realesr -o enlarged/ --skip-existing\n"
    "  gan upscale 'scans/*.tif' -m realesr --max-memory 512M --tile exact\n";

}  // namespace

void AddUpscale(CLI::App& app, Action& action) {
  AddPictureCommand(
      app, action,
      {"upscale", "enlarge pictures with a generator", kExamples, "enlarged", Upscale});
}

}  // namespace gan::cli
