// gan bench: how fast a network runs here.
#include "gan/bench.h"

#include <memory>

#include "command.h"
#include "interrupt.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan bench realesr.pth --size 1280x720\n"
    "  gan bench --network esrgan --size 256             random weights of the usual size\n"
    "  gan bench --network esrgan --set num_block=6 --device torch --json\n";

struct Arguments {
  BenchOptions options;
  Common common;
};

int Run(const Arguments& arguments) {
  Reporter reporter(arguments.common);
  const BenchOptions& options = arguments.options;
  reporter.Begin(options.model.empty() ? options.network : options.model);
  const BenchResult result = Bench(
      options, arguments.common.engine, arguments.common.load,
      [&](double finished) { reporter.Progress(finished); }, &Interrupted());
  if (reporter.json()) {
    Json event = {{"event", "bench"}};
    event.update(Json::parse(ToJson(result)));
    reporter.Event(event);
    return 0;
  }
  reporter.Result(result.model);
  reporter.Result("on " + result.device + " (" + result.target + "), " +
                  std::to_string(result.threads) + " threads, input " +
                  std::to_string(result.width) + " x " + std::to_string(result.height) + ":");
  reporter.Result("  median " + Duration(result.median) + ", best " + Duration(result.best) +
                  " of " + std::to_string(result.seconds.size()));
  reporter.Result("  " + Number(result.gflops) + " GFLOP/s effective (" +
                  Count(result.multiply_adds) + " multiply-adds)");
  reporter.Result("  peak memory " + Bytes(result.peak_memory) + " (planned " +
                  Bytes(result.plan.total()) + ", and " + Bytes(result.program_memory) +
                  " of the program itself)");
  return 0;
}

}  // namespace

void AddBench(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command =
      AddCommand(app, "bench", "measure a network; its result is checked first", kExamples);
  command.positionals_at_end(false);
  for (const Option<BenchOptions>& option : BenchOptionList()) {
    const bool is_model = option.name == std::string_view("model");
    AddOption(command, option, arguments->options,
              is_model ? "-m,--model,MODEL" : std::string("--") + option.name);
  }
  command.get_option("--model")->excludes("--network");
  AddCommon(command, arguments->common, Reads::kCheckpoint);
  command.callback([arguments, &action] { action = [arguments] { return Run(*arguments); }; });
}

}  // namespace gan::cli
