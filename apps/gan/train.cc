// gan train: a recipe in, a run directory with a generator out.
#include "gan/training/train.h"

#include <memory>

#include "command.h"
#include "gan/error.h"
#include "interrupt.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan train recipes/mnist.toml --data mnist/            trains, and writes runs/mnist-1\n"
    "  gan train recipes/mnist.toml --set train.batch=32     with one field changed\n"
    "  gan train --resume runs/mnist-1                       goes on where it stopped\n"
    "  gan sample -m runs/mnist-1 -o sheet.png               draws from it\n";

struct Arguments {
  TrainOptions options;
  Common common;
};

Json EventOf(const TrainProgress& progress) {
  return {{"event", "progress"},
          {"images", progress.images},
          {"total", progress.total},
          {"images_per_second", progress.images_per_second},
          {"seconds_left", progress.seconds_left},
          {"discriminator_loss", progress.discriminator_loss},
          {"generator_loss", progress.generator_loss},
          {"real", progress.real},
          {"fake", progress.fake},
          {"discriminator_gradient", progress.discriminator_gradient},
          {"generator_gradient", progress.generator_gradient},
          {"guard", progress.guard}};
}

int Run(const Arguments& arguments) {
  const TrainOptions& options = arguments.options;
  if (options.recipe.empty() == options.resume.empty()) {
    throw Error(ErrorCode::kUsage,
                "[usage] wants either a recipe or --resume RUN (see \"gan train --help\")");
  }
  Reporter reporter(arguments.common);
  TrainEvents events;
  events.cancel = &Interrupted();
  events.progress = [&](const TrainProgress& progress) {
    if (reporter.Line(progress.line)) reporter.Event(EventOf(progress));
  };
  events.message = [&](const TrainMessage& message) {
    if (message.kind == "guard") {
      reporter.Warning(message.text);
    } else {
      reporter.Result(message.text);
    }
    Json event = {{"event", message.kind}, {"text", message.text}};
    event.update(Json::parse(message.json));
    reporter.Event(event);
  };
  const TrainResult result = Train(options, events);
  if (result.stopped_by_guard) return static_cast<int>(ErrorCode::kInternal);
  return 0;
}

}  // namespace

void AddTrain(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command =
      AddCommand(app, "train", "train a generator and its discriminator", kExamples);
  TrainOptions& options = arguments->options;
  command.add_option("RECIPE", options.recipe, "a recipe file")->type_name("");
  command.add_option("-o,--output", options.run, "run directory to make; default: runs/NAME-N")
      ->type_name("RUN");
  command.add_option("--resume", options.resume, "go on with a run that stopped")->type_name("RUN");
  command.add_option("--data", options.data, "pictures to learn from, instead of data.path")
      ->type_name("PATH");
  command.add_option("--set", options.set, "change a field of the recipe; may be repeated")
      ->type_name("KEY=VALUE")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->expected(1)
      ->allow_extra_args(false);
  AddTrainingCommon(command, arguments->common, options.device, options.threads);
  command.callback([arguments, &action] { action = [arguments] { return Run(*arguments); }; });
}

}  // namespace gan::cli
