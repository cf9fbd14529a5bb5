// What every subcommand is made of: shared options, declared once, and how a command is chosen.
#ifndef GAN_APPS_GAN_COMMAND_H_
#define GAN_APPS_GAN_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gan/engine.h"

namespace gan::cli {

// Options that every command takes.
struct Common {
  EngineOptions engine;
  LoadOptions load;  // where a checkpoint is read
  bool json = false;
  bool quiet = false;
  int verbose = 0;
};

// The command that the user named: returns the exit code. Set while the arguments are parsed.
using Action = std::function<int()>;

// Adds a command whose help ends with `examples`.
CLI::App& AddCommand(CLI::App& app, const std::string& name, const std::string& description,
                     const std::string& examples);

// Adds --NAME for a field of a list of options; `names` may give it a short form ("-m,--model").
template <class Options>
CLI::Option& AddOption(CLI::App& command, const Option<Options>& option, Options& options,
                       const std::string& names) {
  CLI::Option* added = command.add_option(
      names,
      [&option, &options](const CLI::results_t& values) {
        const bool is_switch = *option.value == '\0';
        for (const std::string& value : values) option.set(options, is_switch ? "on" : value);
        return true;
      },
      option.help);
  if (*option.value == '\0') {
    added->type_size(0)->expected(0);
  } else {
    // Given twice, the last counts, except where values add up (--set).
    added->type_name(option.value)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  return *added;
}

// Adds all of a list.
template <class Options>
void AddOptions(CLI::App& command, std::span<const Option<Options>> list, Options& options,
                const std::string& group = "Options") {
  for (const Option<Options>& option : list) {
    AddOption(command, option, options, std::string("--") + option.name).group(group);
  }
}

// Adds what every command takes; the options for reading checkpoints only where one is read.
enum class Reads { kCheckpoint, kNothing };
void AddCommon(CLI::App& command, Common& common, Reads reads);
// The same of a command that trains: it has a device and threads of its own.
void AddTrainingCommon(CLI::App& command, Common& common, std::string& device, int& threads);

// Each adds one command to the program; choosing it sets `action`.
void AddUpscale(CLI::App& app, Action& action);
void AddTranslate(CLI::App& app, Action& action);
void AddSample(CLI::App& app, Action& action);
void AddLatent(CLI::App& app, Action& action);
void AddLatentProject(CLI::App& latent, Action& action);  // below latent
void AddInspect(CLI::App& app, Action& action);
void AddConvert(CLI::App& app, Action& action);
void AddRun(CLI::App& app, Action& action);
void AddEval(CLI::App& app, Action& action);
void AddEvalUtility(CLI::App& eval, Action& action);  // below eval
void AddBench(CLI::App& app, Action& action);
void AddData(CLI::App& app, Action& action);
void AddDoctor(CLI::App& app, Action& action);
void AddTrain(CLI::App& app, Action& action);
void AddCompletion(CLI::App& app, Action& action);

}  // namespace gan::cli

#endif  // GAN_APPS_GAN_COMMAND_H_
