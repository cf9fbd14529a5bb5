// gan latent project: the latent whose picture is most like a given one.
#include <memory>

#include "command.h"
#include "gan/training/project.h"
#include "interrupt.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan latent project digit.png -m dcgan.pth -o z.npy --picture found.png\n"
    "  gan latent project face.jpg -m stylegan2.pkl -o w.npy --latent w+ --steps 1000\n"
    "  gan run stylegan2.pkl --in w.npy --out y.npy\n";

struct Arguments {
  std::string input;
  std::string model;
  std::string latents;
  std::string picture;
  ProjectOptions options;
  StyleOptions style;
  Common common;
};

int Run(const Arguments& arguments) {
  Reporter reporter(arguments.common);
  Model model = Model::Load(arguments.model, arguments.common.engine, arguments.common.load);
  if (!(arguments.style == StyleOptions())) model = model.WithStyle(arguments.style);
  reporter.Begin(arguments.input);
  ProjectOptions options = arguments.options;
  options.threads = arguments.common.engine.threads;
  const ProjectResult result = ProjectPicture(
      model, arguments.input, arguments.latents, arguments.picture, options,
      [&](double finished) { reporter.Progress(finished); }, &Interrupted());
  Json event = {{"event", "end"}};
  event.update(Json::parse(ToJson(result)));
  reporter.Event(event);
  std::string text = Shown(result.input) + " -> " + Shown(result.latents) + " (" + result.space;
  if (result.label >= 0) text += " of class " + std::to_string(result.label);
  text += ")";
  if (!result.picture.empty()) text += ", " + Shown(result.picture);
  reporter.Result(text + "  error " + Number(result.start_error) + " -> " + Number(result.error) +
                  ", " + Number(result.psnr) + " dB  " + Duration(result.seconds));
  return 0;
}

}  // namespace

void AddLatentProject(CLI::App& latent, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command =
      AddCommand(latent, "project",
                 "find the latent of a picture, by gradient descent (needs LibTorch)", kExamples);
  command.add_option("PICTURE", arguments->input, "picture to find")->required()->type_name("");
  command
      .add_option("-m,--model", arguments->model,
                  "checkpoint, folder of a training run, or the name of a model")
      ->required()
      ->type_name("MODEL");
  command.add_option("-o,--output", arguments->latents, "latent found, float32: z, w or w+")
      ->required()
      ->type_name("FILE.npy");
  command
      .add_option("--picture", arguments->picture,
                  "write a picture of the input, and beside it what the latent gives")
      ->type_name("FILE");
  AddOptions(command, ProjectOptionList(), arguments->options);
  command
      .add_option("--gradients", arguments->options.device,
                  "where LibTorch works: cpu, cuda or cuda:N; default: cpu")
      ->type_name("cpu|cuda|cuda:N");
  AddOptions(command, StyleOptionList(), arguments->style, "StyleGAN");
  AddCommon(command, arguments->common, Reads::kCheckpoint);
  command.callback([arguments, &action] { action = [arguments] { return Run(*arguments); }; });
}

}  // namespace gan::cli
