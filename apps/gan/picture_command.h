// The commands that make a picture of each picture: upscale and translate.
#ifndef GAN_APPS_GAN_PICTURE_COMMAND_H_
#define GAN_APPS_GAN_PICTURE_COMMAND_H_

#include <string>
#include <vector>

#include "command.h"
#include "gan/upscale.h"

namespace gan::cli {

struct PictureCommand {
  const char* name;  // "upscale"
  const char* description;
  const char* examples;
  const char* done;  // what was done with the pictures: "enlarged"
  std::vector<UpscaleResult> (*make)(const Model& model, const std::vector<std::string>& inputs,
                                     const std::string& output, const UpscaleOptions& options,
                                     const UpscaleEvents& events);
  bool dropout = false;  // takes DropoutOptions
};

void AddPictureCommand(CLI::App& app, Action& action, const PictureCommand& spec);

}  // namespace gan::cli

#endif  // GAN_APPS_GAN_PICTURE_COMMAND_H_
