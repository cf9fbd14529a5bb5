// gan: the program. Turns what went wrong into one line and an exit code.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

#include "command.h"
#include "gan/error.h"
#include "gan/version.h"
#include "interrupt.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  gan upscale photo.jpg -m realesr.pth     enlarge a picture\n"
    "  gan translate horse.jpg -m horse2zebra   make another picture of one\n"
    "  gan sample -m generator -o sheet.png     draw pictures\n"
    "  gan inspect realesr.pth                  what a checkpoint is\n"
    "  gan doctor                               what this machine can do\n\n"
    "\"gan COMMAND --help\" says more. Exit codes: 0 done, 64 wrong usage, 65 bad data, 66 no "
    "such\nfile, 70 internal, 73 cannot create, 74 read or write failed, 75 busy, 78 not in this "
    "build,\n130 interrupted.\n";

void Declare(CLI::App& app, Action& action) {
  app.name("gan");
  app.description("Runs and trains image generators (GANs): natively, on this machine.");
  app.footer(kExamples);
  app.set_help_flag("-h,--help", "show this text");
  app.set_version_flag("--version", std::string("gan ") + Version(), "show the version");
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  AddUpscale(app, action);
  AddTranslate(app, action);
  AddSample(app, action);
  AddLatent(app, action);
  AddInspect(app, action);
  AddConvert(app, action);
  AddRun(app, action);
  AddEval(app, action);
  AddBench(app, action);
  AddData(app, action);
  AddDoctor(app, action);
  AddTrain(app, action);
  AddCompletion(app, action);
}

int Fail(ErrorCode code, const std::string& message) {
  std::fprintf(stderr, "gan: %s\n", message.c_str());
  return static_cast<int>(code);
}

// The name of the command that was being parsed, for the hint at its help.
std::string HelpOf(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? "gan --help" : "gan " + chosen.front()->get_name() + " --help";
}

int Run(int argc, char** argv) {
  CLI::App app;
  Action action;
  Declare(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    app.exit(asked);
    FlushResults();
    return 0;
  } catch (const CLI::ParseError& error) {
    return Fail(ErrorCode::kUsage,
                "[usage] " + Shown(error.what()) + " (see \"" + HelpOf(app) + "\")");
  }
  HandleInterrupts();
  const int code = action();
  FlushResults();
  return code;
}

}  // namespace
}  // namespace gan::cli

int main(int argc, char** argv) {
  using gan::ErrorCode;
  using gan::cli::Fail;
  // Where libvips looks for modules: nowhere. They are for pictures that gan does not read, and
  // take 30 ms of each start to load. Only here, where no other thread runs yet.
  setenv("VIPSHOME", "/nonexistent", 0);
  try {
    return gan::cli::Run(argc, argv);
  } catch (const gan::Error& error) {
    return Fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return Fail(ErrorCode::kInternal,
                "[memory] there is not enough for this job: give --max-memory or --tile, or a "
                "smaller picture");
  } catch (const std::exception& error) {
    return Fail(ErrorCode::kInternal, std::string("[internal] ") + error.what());
  }
}
