// gan translate: pictures in, pictures of another kind out.
#include "gan/upscale.h"
#include "picture_command.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan translate horse.jpg -m horse2zebra.pth           writes horse_translated.jpg beside it\n"
    "  gan translate holiday/ -r -m monet.pth -o paintings/\n"
    "  gan translate map.png -m pix2pix.pth -o photo.png\n"
    "  gan translate map.png -m pix2pix.pth -o another.png --dropout --seed 7\n";

}  // namespace

void AddTranslate(CLI::App& app, Action& action) {
  AddPictureCommand(app, action,
                    {"translate", "make pictures of another kind: CycleGAN, pix2pix, AnimeGAN",
                     kExamples, "translated", Translate, true});
}

}  // namespace gan::cli
