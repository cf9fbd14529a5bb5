// gan eval: figures of a generator against its data.
#include <memory>

#include "command.h"
#include "gan/evaluate.h"
#include "interrupt.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan eval run/ --reference mnist/                          its newest generator\n"
    "  gan eval made/ --reference photos/ --size 64 --features inception.pth\n"
    "  gan eval model.safetensors --reference mnist/ --split test --metrics fid,coverage,recall\n"
    "  gan eval run/ --reference mnist/ --neighbours sheet.png   what its pictures are most like\n";

struct Arguments {
  std::string made;
  std::string reference;
  EvaluateOptions options;
  Common common;
};

void Show(Reporter& reporter, const Evaluation& evaluation) {
  for (const Figure& figure : evaluation.figures) {
    std::string name = figure.name;
    name.resize(std::max<size_t>(name.size() + 1, 20), ' ');
    std::string value = Number(figure.value);
    if (figure.spread) value += " +- " + Number(*figure.spread);
    value.resize(std::max<size_t>(value.size() + 2, 22), ' ');
    reporter.Result(name + value + Shown(figure.protocol));
  }
  for (const std::string& note : evaluation.notes) reporter.Result("note: " + Shown(note));
  if (!evaluation.neighbours.empty()) {
    reporter.Result("wrote " + Shown(evaluation.neighbours) +
                    ": each row a sample, its nearest by features, its nearest by pixels");
  }
}

int Run(const Arguments& arguments) {
  Reporter reporter(arguments.common);
  reporter.Begin(arguments.made);
  const Evaluation evaluation = Evaluate(
      arguments.made, arguments.reference, arguments.options, arguments.common.engine,
      arguments.common.load, [&](double finished) { reporter.Progress(finished); }, &Interrupted());
  if (reporter.json()) {
    Json event = {{"event", "evaluation"}};
    event.update(Json::parse(ToJson(evaluation)));
    reporter.Event(event);
    return 0;
  }
  Show(reporter, evaluation);
  return 0;
}

}  // namespace

void AddEval(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command =
      AddCommand(app, "eval", "measure how good made pictures are, beside real ones", kExamples);
  command
      .add_option("MADE", arguments->made,
                  "pictures (folder, zip, NumPy...), a generator, or the folder of a run")
      ->type_name("");
  command.add_option("--reference", arguments->reference, "the real pictures: a data set")
      ->type_name("DATA");
  AddOptions(command, EvaluateOptionList(), arguments->options);
  AddCommon(command, arguments->common, Reads::kCheckpoint);
  AddEvalUtility(command, action);
  command.callback([arguments, &command, &action] {
    // Not declared as required, which commands below this one would have to give as well.
    if (!command.get_subcommands().empty()) return;
    if (arguments->made.empty()) throw CLI::RequiredError("MADE");
    if (arguments->reference.empty()) throw CLI::RequiredError("--reference");
    action = [arguments] { return Run(*arguments); };
  });
}

}  // namespace gan::cli
