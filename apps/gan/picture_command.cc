// The commands that make a picture of each picture: their arguments, events and tally.
#include "picture_command.h"

#include <memory>
#include <vector>

#include "command.h"
#include "interrupt.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

struct Arguments {
  std::vector<std::string> inputs;
  std::string model;
  std::string output;
  UpscaleOptions options;
  DropoutOptions dropout;
  Common common;
};

// Counts the outcomes while it tells them.
class Tally {
 public:
  Tally(Reporter& reporter, const char* done) : reporter_(reporter), done_word_(done) {}

  void Started(const UpscaleEvents::File& file) {
    std::string name = file.input;
    if (file.count > 1) {
      name = "[" + std::to_string(file.index + 1) + "/" + std::to_string(file.count) + "] " + name;
    }
    reporter_.Begin(name);
    reporter_.Event({{"event", "start"},
                     {"input", file.input},
                     {"output", file.output},
                     {"index", file.index},
                     {"count", file.count}});
  }

  void Finished(const UpscaleResult& result) {
    Json event = {{"event", "file"}};
    event.update(Json::parse(ToJson(result)));
    reporter_.Event(event);
    switch (result.status) {
      case UpscaleResult::Status::kDone:
        ++done_;
        reporter_.Result(Shown(result.input) + " -> " + Shown(result.output) + "  " +
                         std::to_string(result.width) + " x " + std::to_string(result.height) +
                         "  " + Duration(result.seconds));
        break;
      case UpscaleResult::Status::kSkipped:
        ++skipped_;
        reporter_.Result(Shown(result.input) + ": skipped, " + Shown(result.output) +
                         " is there already");
        break;
      case UpscaleResult::Status::kFailed:
        if (failed_++ == 0) exit_code_ = static_cast<int>(result.code);
        reporter_.Error(result.message);
        break;
    }
  }

  int Summarise() {
    if (done_ + skipped_ + failed_ > 1) {
      reporter_.Result(std::to_string(done_) + " " + done_word_ + ", " + std::to_string(skipped_) +
                       " skipped, " + std::to_string(failed_) + " failed");
    }
    reporter_.Event({{"event", "end"},
                     {"done", done_},
                     {"skipped", skipped_},
                     {"failed", failed_},
                     {"code", exit_code_}});
    return exit_code_;
  }

 private:
  Reporter& reporter_;
  const char* done_word_;  // "enlarged"
  size_t done_ = 0;
  size_t skipped_ = 0;
  size_t failed_ = 0;
  int exit_code_ = 0;  // of the first that failed
};

int Run(const PictureCommand& spec, const Arguments& arguments) {
  Reporter reporter(arguments.common);
  Tally tally(reporter, spec.done);
  UpscaleEvents events;
  events.cancel = &Interrupted();
  events.started = [&](const UpscaleEvents::File& file) { tally.Started(file); };
  events.progress = [&](const UpscaleEvents::File&, double share) { reporter.Progress(share); };
  events.finished = [&](const UpscaleEvents::File&, const UpscaleResult& result) {
    tally.Finished(result);
  };
  const Model model = Model::Load(arguments.model, arguments.common.engine, arguments.common.load,
                                  arguments.dropout);
  spec.make(model, arguments.inputs, arguments.output, arguments.options, events);
  return tally.Summarise();
}

}  // namespace

void AddPictureCommand(CLI::App& app, Action& action, const PictureCommand& spec) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command = AddCommand(app, spec.name, spec.description, spec.examples);
  command.add_option("IN", arguments->inputs, "pictures, folders, or patterns in quotes")
      ->required()
      ->type_name("");
  command
      .add_option("-m,--model", arguments->model,
                  "checkpoint, or the name of one in the model folder")
      ->required()
      ->type_name("MODEL");
  command
      .add_option("-o,--output", arguments->output, "file, or folder; default: beside the input")
      ->type_name("PATH");
  for (const Option<UpscaleOptions>& option : UpscaleOptionList()) {
    const std::string name = std::string("--") + option.name;
    AddOption(command, option, arguments->options, name == "--recursive" ? "-r,--recursive" : name);
  }
  if (spec.dropout) AddOptions(command, DropoutOptionList(), arguments->dropout);
  AddCommon(command, arguments->common, Reads::kCheckpoint);
  command.callback(
      [arguments, spec, &action] { action = [arguments, spec] { return Run(spec, *arguments); }; });
}

}  // namespace gan::cli
