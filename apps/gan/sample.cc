// gan sample: pictures out of random numbers.
#include "gan/sample.h"

#include <memory>
#include <string>
#include <string_view>

#include "command.h"
#include "interrupt.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan sample -m generator.safetensors -o sheet.png             64 pictures in one\n"
    "  gan sample -m runs/digits --class all -o classes.png         one row a class\n"
    "  gan sample -m digits --class all -n 1000 -o folder           labelled single pictures\n"
    "  gan sample -m faces --interpolate slerp --frames 120 -o faces.webp\n"
    "  gan sample -m digits --class all -o digits.mp4               through all classes\n";

struct Arguments {
  std::string model;
  std::string output;
  SampleOptions options;
  StyleOptions style;  // but for the truncation, which is among the options
  Common common;
};

std::string Summary(const SampleResult& result) {
  std::string text = std::to_string(result.pictures) + " pictures of " +
                     std::to_string(result.width) + " x " + std::to_string(result.height);
  if (result.kind == "animation") text += " in " + std::to_string(result.frames) + " frames";
  return text + " -> " + Shown(result.output) + "  " + Duration(result.seconds);
}

int Run(const Arguments& arguments) {
  Reporter reporter(arguments.common);
  Model model = Model::Load(arguments.model, arguments.common.engine, arguments.common.load);
  if (!(arguments.style == StyleOptions())) model = model.WithStyle(arguments.style);
  reporter.Begin(arguments.output);
  const SampleEvents events{.progress = [&](double finished) { reporter.Progress(finished); },
                            .cancel = &Interrupted()};
  const SampleResult result = Sample(model, arguments.output, arguments.options, events);
  Json event = {{"event", "end"}};
  event.update(Json::parse(ToJson(result)));
  reporter.Event(event);
  reporter.Result(Summary(result));
  return 0;
}

}  // namespace

void AddSample(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command = AddCommand(app, "sample", "draw pictures from a generator", kExamples);
  command
      .add_option("-m,--model", arguments->model,
                  "checkpoint, folder of a training run, or the name of a model")
      ->required()
      ->type_name("MODEL");
  command
      .add_option("-o,--output", arguments->output,
                  "picture file: a sheet; .mp4, .apng, .gif, .webp: an animation; or folder")
      ->required()
      ->type_name("PATH");
  for (const Option<SampleOptions>& option : SampleOptionList()) {
    const std::string name = std::string("--") + option.name;
    AddOption(command, option, arguments->options,
              name == "--count"     ? "-n,--count"
              : name == "--latents" ? "-z,--latents"
                                    : name);
  }
  for (const Option<StyleOptions>& option : StyleOptionList()) {
    if (std::string_view(option.name) == "truncation") continue;
    AddOption(command, option, arguments->style, std::string("--") + option.name);
  }
  AddCommon(command, arguments->common, Reads::kCheckpoint);
  command.callback([arguments, &action] { action = [arguments] { return Run(*arguments); }; });
}

}  // namespace gan::cli
