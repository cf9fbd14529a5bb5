// gan run: a generator on raw numbers.
#include <chrono>
#include <memory>

#include "command.h"
#include "gan/error.h"
#include "gan/model.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan run realesr.pth --in x.npy --out y.npy      x: float32 [1, 3, H, W] in [0, 1], RGB\n"
    "  gan run dcgan.pth --in z.npy --out y.npy        z: float32 [N, latent], normal; y in [-1, "
    "1]\n"
    "  gan run stylegan2.pkl --in z.npy --out w.npy --mapping-only\n"
    "  gan run stylegan2.pkl --in w.npy --out y.npy --latent w\n";

struct Arguments {
  std::string model;
  std::string in;
  std::string labels;
  std::string out;
  LatentKind latent = LatentKind::kAuto;
  bool mapping_only = false;
  StyleOptions style;
  DropoutOptions dropout;
  Common common;
};

std::string ShapeText(const Array& array) {
  std::string text;
  for (const int64_t size : array.shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return text;
}

int Run(const Arguments& arguments) {
  Reporter reporter(arguments.common);
  const Array input = ReadNpy(arguments.in);
  const Array labels = arguments.labels.empty() ? Array() : ReadNpy(arguments.labels);
  if (arguments.mapping_only && arguments.latent != LatentKind::kAuto &&
      arguments.latent != LatentKind::kZ) {
    throw Error(ErrorCode::kUsage,
                "[usage] --mapping-only maps random numbers: --latent must be z");
  }
  Model model = Model::Load(arguments.model, arguments.common.engine, arguments.common.load,
                            arguments.dropout);
  if (!(arguments.style == StyleOptions())) model = model.WithStyle(arguments.style);
  const auto start = std::chrono::steady_clock::now();
  const Array output = arguments.mapping_only ? model.Styles(input, labels)
                                              : model.Run(input, labels, arguments.latent);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  WriteNpy(arguments.out, output);
  reporter.Event({{"model", model.info().description},
                  {"target", model.target()},
                  {"input", input.shape},
                  {"output", output.shape},
                  {"seconds", seconds}});
  reporter.Result(ShapeText(input) + " -> " + ShapeText(output) + "  " + Duration(seconds));
  return 0;
}

}  // namespace

void AddRun(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command = AddCommand(app, "run", "run a generator on raw tensors", kExamples);
  command
      .add_option("MODEL", arguments->model, "checkpoint, or the name of one in the model folder")
      ->required()
      ->type_name("");
  command.add_option("--in", arguments->in, "input, a NumPy file")->required()->type_name("X.npy");
  command
      .add_option(
          "--labels", arguments->labels,
          "for a generator with classes: the class of each picture, 0 to K-1, or one-hot rows")
      ->type_name("L.npy");
  command.add_option("--out", arguments->out, "output, float32")->required()->type_name("Y.npy");
  AddOptions(command, LatentKindOptionList(), arguments->latent);
  command.add_flag("--mapping-only", arguments->mapping_only,
                   "StyleGAN: write the styles w of random numbers, and make no picture");
  AddOptions(command, StyleOptionList(), arguments->style);
  AddOptions(command, DropoutOptionList(), arguments->dropout);
  AddCommon(command, arguments->common, Reads::kCheckpoint);
  command.callback([arguments, &action] { action = [arguments] { return Run(*arguments); }; });
}

}  // namespace gan::cli
