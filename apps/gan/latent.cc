// gan latent: directions among the latents of a generator, and moving along them.
#include <memory>

#include "command.h"
#include "gan/error.h"
#include "gan/sample.h"
#include "interrupt.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan latent directions stylegan2.pkl -o dirs.npy          and dirs.png, a sheet of them\n"
    "  gan latent edit stylegan2.pkl --seed 7 --directions dirs.npy --move 3=2.5 -o moved.png\n"
    "  gan latent project photo.png -m stylegan2.pkl -o w.npy\n";

constexpr const char* kDirectionsExamples =
    "  gan latent directions dcgan.pth -o dirs.npy --method pca -n 12\n"
    "  gan latent directions stylegan2.pkl -o coarse.npy --layers 0-3 --sheet coarse.png\n";

constexpr const char* kEditExamples =
    "  gan latent edit dcgan.pth --seed 7 --directions dirs.npy --move 0=2,3=-1.5 -o moved.png\n"
    "  gan latent edit stylegan2.pkl --in w.npy --directions dirs.npy --move 1=3 --layers 0-3 \\\n"
    "      -o moved.png --write-latents moved.npy\n";

// What both commands take beside their own options.
struct Shared {
  std::string model;
  StyleOptions style;
  Common common;

  Model Load() const {
    const Model model_loaded = Model::Load(model, common.engine, common.load);
    return style == StyleOptions() ? model_loaded : model_loaded.WithStyle(style);
  }
};

void AddShared(CLI::App& command, Shared& shared) {
  AddOptions(command, StyleOptionList(), shared.style, "StyleGAN");
  AddCommon(command, shared.common, Reads::kCheckpoint);
}

CLI::Option& AddModel(CLI::App& command, Shared& shared) {
  return *command
              .add_option("MODEL", shared.model,
                          "checkpoint, folder of a training run, or the name of a model")
              ->required()
              ->type_name("");
}

SampleEvents EventsOf(Reporter& reporter) {
  return {.progress = [&](double finished) { reporter.Progress(finished); },
          .cancel = &Interrupted()};
}

struct DirectionArguments {
  Shared shared;
  std::string output;
  std::string sheet;
  bool no_sheet = false;
  DirectionOptions options;
};

// "dirs.npy" -> "dirs.png"
std::string SheetBeside(const std::string& output) {
  const bool npy = output.ends_with(".npy");
  return output.substr(0, output.size() - (npy ? 4 : 0)) + ".png";
}

int RunDirections(const DirectionArguments& arguments) {
  Reporter reporter(arguments.shared.common);
  const Model model = arguments.shared.Load();
  reporter.Begin(arguments.output);
  std::string sheet = arguments.sheet.empty() ? SheetBeside(arguments.output) : arguments.sheet;
  if (arguments.no_sheet) sheet.clear();
  const DirectionResult result =
      FindDirections(model, arguments.output, sheet, arguments.options, EventsOf(reporter));
  Json event = {{"event", "end"}};
  event.update(Json::parse(ToJson(result)));
  reporter.Event(event);
  std::string shares;
  for (size_t i = 0; i < result.shares.size() && i < 8; ++i) {
    shares += (i == 0 ? "" : ", ") + Number(100 * result.shares[i]) + " %";
  }
  reporter.Result(std::to_string(result.count) + " directions of " + std::to_string(result.size) +
                  " numbers in " + result.space + " -> " + Shown(result.output) +
                  (sheet.empty() ? "" : ", " + Shown(sheet)) + "  " + Duration(result.seconds));
  reporter.Result("shares: " + shares);
  return 0;
}

void AddDirections(CLI::App& latent, Action& action) {
  const auto arguments = std::make_shared<DirectionArguments>();
  CLI::App& command = AddCommand(latent, "directions", "find directions that change pictures most",
                                 kDirectionsExamples);
  AddModel(command, arguments->shared);
  command.add_option("-o,--output", arguments->output, "directions, float32 [K, size]")
      ->required()
      ->type_name("DIRS.npy");
  command.add_option("--sheet", arguments->sheet, "picture of them; default: DIRS.png beside")
      ->type_name("FILE");
  command.add_flag("--no-sheet", arguments->no_sheet, "draw none");
  for (const Option<DirectionOptions>& option : DirectionOptionList()) {
    const std::string name = std::string("--") + option.name;
    AddOption(command, option, arguments->options, name == "--count" ? "-n,--count" : name);
  }
  AddShared(command, arguments->shared);
  command.callback(
      [arguments, &action] { action = [arguments] { return RunDirections(*arguments); }; });
}

struct EditArguments {
  Shared shared;
  std::string output;
  std::string latents;
  EditOptions options;
};

int RunEdit(const EditArguments& arguments) {
  Reporter reporter(arguments.shared.common);
  const Model model = arguments.shared.Load();
  reporter.Begin(arguments.output.empty() ? arguments.latents : arguments.output);
  const EditResult result = EditLatents(model, arguments.output, arguments.latents,
                                        arguments.options, EventsOf(reporter));
  Json event = {{"event", "end"}};
  event.update(Json::parse(ToJson(result)));
  reporter.Event(event);
  std::string text = std::to_string(result.pictures) + " latents, " + result.space;
  if (!result.picture.empty()) text += " -> " + Shown(result.picture);
  if (!result.latents.empty()) text += " -> " + Shown(result.latents);
  reporter.Result(text + "  " + Duration(result.seconds));
  return 0;
}

void AddEdit(CLI::App& latent, Action& action) {
  const auto arguments = std::make_shared<EditArguments>();
  CLI::App& command =
      AddCommand(latent, "edit", "move latents along directions, and draw them", kEditExamples);
  AddModel(command, arguments->shared);
  command.add_option("-o,--output", arguments->output, "picture; of several latents a sheet")
      ->type_name("PICTURE");
  command.add_option("--write-latents", arguments->latents, "what was moved: z, w or w+")
      ->type_name("FILE.npy");
  for (const Option<EditOptions>& option : EditOptionList()) {
    const std::string name = std::string("--") + option.name;
    AddOption(command, option, arguments->options, name == "--count" ? "-n,--count" : name);
  }
  AddShared(command, arguments->shared);
  command.callback([arguments, &action] { action = [arguments] { return RunEdit(*arguments); }; });
}

}  // namespace

void AddLatent(CLI::App& app, Action& action) {
  CLI::App& command =
      AddCommand(app, "latent", "find, move and project the latents of a generator", kExamples);
  command.require_subcommand(1);
  AddDirections(command, action);
  AddEdit(command, action);
  AddLatentProject(command, action);
}

}  // namespace gan::cli
