#include "command.h"

#include <cstdlib>

namespace gan::cli {
namespace {

constexpr const char* kCommonGroup = "Options of all commands";

void AddOutput(CLI::App& command, Common& common) {
  command.add_flag("--json", common.json, "one JSON object a line on standard output")
      ->group(kCommonGroup);
  command.add_flag("-q,--quiet", common.quiet, "say nothing but errors")->group(kCommonGroup);
  command.add_flag("-v,--verbose", common.verbose, "say more; -vv even more")->group(kCommonGroup);
  // Again, so that it stands last.
  command.set_help_flag("-h,--help", "show this text")->group(kCommonGroup);
  command.parse_complete_callback([&common] { SetVerbosity(common.quiet ? -1 : common.verbose); });
}

}  // namespace

CLI::App& AddCommand(CLI::App& app, const std::string& name, const std::string& description,
                     const std::string& examples) {
  CLI::App* command = app.add_subcommand(name, description);
  command->footer("Examples:\n" + examples);
  command->set_help_flag("-h,--help", "show this text");
  return *command;
}

void AddCommon(CLI::App& command, Common& common, Reads reads) {
  if (reads == Reads::kCheckpoint) {
    AddOptions(command, LoadOptionList(), common.load, "Reading checkpoints");
  }
  AddOptions(command, EngineOptionList(), common.engine, kCommonGroup);
  if (const char* target = std::getenv("GAN_CPU_TARGET")) common.engine.cpu_target = target;
  AddOutput(command, common);
}

void AddTrainingCommon(CLI::App& command, Common& common, std::string& device, int& threads) {
  command.add_option("--device", device, "cpu, cuda or cuda:N; default: cpu")
      ->type_name("cpu|cuda|cuda:N")
      ->group(kCommonGroup);
  command.add_option("--threads", threads, "default: train.threads of the recipe")
      ->type_name("N")
      ->check(CLI::Range(1, 4096))
      ->group(kCommonGroup);
  AddOutput(command, common);
}

}  // namespace gan::cli
