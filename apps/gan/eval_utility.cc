// gan eval utility: do generated pictures help a classifier of real ones?
#include <memory>

#include "command.h"
#include "gan/training/utility.h"
#include "interrupt.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan sample -m run/ --class all -n 1000 -o made/\n"
    "  gan eval utility --real xrays.npz --generated made/ --run run/\n";

struct Arguments {
  std::string real;
  std::string generated;
  UtilityOptions options;
  Common common;
};

std::string Percent(double mean, double deviation) {
  char text[64];
  std::snprintf(text, sizeof(text), "%6.2f %% +- %.2f", 100 * mean, 100 * deviation);
  return text;
}

void Show(Reporter& reporter, const UtilityReport& report) {
  reporter.Result(std::to_string(report.real_pictures) + " real pictures of " +
                  std::to_string(report.classes) + " classes, without and with " +
                  std::to_string(report.generated_pictures) + " generated; " +
                  std::to_string(report.trials) + " trials, tested on " +
                  std::to_string(report.test_pictures) + " real ones");
  for (const UtilityMeasure& measure : report.measures) {
    std::string name = measure.name == "accuracy" ? "accuracy" : "balanced accuracy";
    name.resize(19, ' ');
    reporter.Result(name + "without " + Percent(measure.without, measure.without_deviation) +
                    "   with " + Percent(measure.with, measure.with_deviation) +
                    (measure.clear ? "" : "   (no clear difference)"));
  }
  reporter.Result(report.verdict);
}

int Run(const Arguments& arguments) {
  Reporter reporter(arguments.common);
  reporter.Begin(arguments.generated);
  UtilityOptions options = arguments.options;
  options.threads = arguments.common.engine.threads;
  const UtilityReport report = MeasureUtility(
      arguments.real, arguments.generated, options,
      [&](double finished) { reporter.Progress(finished); }, &Interrupted());
  if (reporter.json()) {
    Json event = {{"event", "utility"}};
    event.update(Json::parse(ToJson(report)));
    reporter.Event(event);
    return 0;
  }
  Show(reporter, report);
  return 0;
}

}  // namespace

void AddEvalUtility(CLI::App& eval, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command = AddCommand(
      eval, "utility", "whether generated pictures help to tell real ones apart", kExamples);
  command.add_option("--real", arguments->real, "labelled real pictures: a data set")
      ->required()
      ->type_name("DATA");
  command
      .add_option("--generated", arguments->generated,
                  "labelled generated ones: what gan sample --class all writes")
      ->required()
      ->type_name("DATA");
  AddOptions(command, UtilityOptionList(), arguments->options);
  AddCommon(command, arguments->common, Reads::kNothing);
  command.callback([arguments, &action] { action = [arguments] { return Run(*arguments); }; });
}

}  // namespace gan::cli
