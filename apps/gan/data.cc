// gan data: what a data set holds, before something is trained on it.
#include <memory>

#include "command.h"
#include "gan/dataset.h"
#include "interrupt.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan data mnist/ -o sheet.png               counts, classes, and a sheet to look at\n"
    "  gan data paintings.zip --size 64 --fit contain\n"
    "  gan data xrays.npz --split val --json\n";

constexpr size_t kClassesShown = 20;
constexpr size_t kProblemsShown = 10;
constexpr size_t kSizesShown = 6;

struct Arguments {
  std::string path;
  std::string sheet;
  DatasetOptions options;
  Common common;
};

void Show(Reporter& reporter, const std::string& name, const std::string& value) {
  std::string label = name + ":";
  label.resize(std::max<size_t>(label.size() + 1, 14), ' ');
  reporter.Result(label + Shown(value));
}

std::string Size(int64_t width, int64_t height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

// "a (3), b (4), 12 more"
template <class List, class Text>
std::string Listed(const List& list, size_t most, const Text& text) {
  std::string out;
  size_t shown = 0;
  for (const auto& entry : list) {
    if (shown == most) {
      out += ", " + std::to_string(list.size() - most) + " more";
      break;
    }
    out += (shown++ == 0 ? "" : ", ") + text(entry);
  }
  return out;
}

std::string Counted(const std::map<int, int64_t>& counts) {
  if (counts.size() == 1) return std::to_string(counts.begin()->first);
  return Listed(counts, counts.size(), [](const auto& entry) {
    return std::to_string(entry.first) + " (" + std::to_string(entry.second) + ")";
  });
}

void ShowFiles(Reporter& reporter, const DatasetReport& report) {
  Show(reporter, "data", report.path + ", " + report.kind);
  Show(reporter, "pictures", std::to_string(report.pictures));
  const std::string classes = Listed(report.classes, kClassesShown, [](const auto& one) {
    return one.name + " (" + std::to_string(one.pictures) + ")";
  });
  Show(reporter, "classes",
       report.classes.empty() ? "none" : std::to_string(report.classes.size()) + ": " + classes);
  Show(reporter, "sizes", Listed(report.sizes, kSizesShown, [](const auto& size) {
         return Size(size.width, size.height) + " (" + std::to_string(size.pictures) + ")";
       }));
  Show(reporter, "channels", Counted(report.channels));
  Show(reporter, "bits", Counted(report.bits));
}

void ShowUse(Reporter& reporter, const DatasetReport& report) {
  if (!report.no_size.empty()) Show(reporter, "needs a size", report.no_size);
  Show(reporter, report.no_size.empty() ? "used" : "shown",
       std::to_string(report.used) + " of " + Size(report.width, report.height) + ", " +
           std::to_string(report.used_channels) + " channel(s), " +
           std::to_string(report.used_bits) + " bits");
  Show(reporter, "duplicates", std::to_string(report.duplicates));
  for (const auto& one : report.examples) {
    reporter.Result("  " + Shown(one.name) + " = " + Shown(one.same_as));
  }
  Show(reporter, "unreadable", std::to_string(report.unreadable.size()));
  for (size_t i = 0; i < std::min(kProblemsShown, report.unreadable.size()); ++i) {
    reporter.Result("  " + Shown(report.unreadable[i].name) + ": " +
                    Shown(report.unreadable[i].reason));
  }
  if (report.unreadable.size() > kProblemsShown) {
    reporter.Result("  and " + std::to_string(report.unreadable.size() - kProblemsShown) +
                    " more; --json lists all");
  }
  for (const std::string& note : report.notes) Show(reporter, "note", note);
  Show(reporter, "cache", report.cache_file.empty() ? "none" : report.cache_file);
}

int Run(const Arguments& arguments) {
  Reporter reporter(arguments.common);
  reporter.Begin(arguments.path);
  DatasetOptions options = arguments.options;
  options.threads = arguments.common.engine.threads;
  const DatasetReport report = DescribeDataset(
      arguments.path, options, arguments.sheet,
      [&](double finished) { reporter.Progress(finished); }, &Interrupted());
  if (reporter.json()) {
    reporter.Event(Json::parse(ToJson(report)));
    return 0;
  }
  ShowFiles(reporter, report);
  ShowUse(reporter, report);
  if (!arguments.sheet.empty()) Show(reporter, "sheet", arguments.sheet);
  return 0;
}

}  // namespace

void AddData(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command =
      AddCommand(app, "data", "show what a data set holds, and draw a sheet of it", kExamples);
  command
      .add_option("PATH", arguments->path,
                  "folder or zip archive of pictures; IDX, CIFAR or NumPy file, or their folder")
      ->required()
      ->type_name("");
  command
      .add_option("-o,--output", arguments->sheet, "contact sheet to draw, a row for each class")
      ->type_name("SHEET.png");
  AddOptions(command, DatasetOptionList(), arguments->options);
  AddCommon(command, arguments->common, Reads::kNothing);
  command.callback([arguments, &action] { action = [arguments] { return Run(*arguments); }; });
}

}  // namespace gan::cli
