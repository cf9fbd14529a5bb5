#include "training/utility.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/random.h"
#include "models/glyph_classifier/network.h"
#include "training/classifier.h"
#include "training/labelled_tensors.h"

namespace gan::core {
namespace {

void RequireRange(std::string_view option, int64_t value, int64_t low) {
  if (value >= low) return;
  Fail(ErrorCode::kUsage, "utility", "wants {} from {} up, got {}", option, low, value);
}

struct Material {
  LabelledTensors train, test, generated;
  ClassifierSizes sizes;
};

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", Printable(name, 40));
  }
  return Printable(text, 300);
}

// The real data's number of each class of `data`.
std::vector<int64_t> LabelsIn(const std::vector<std::string>& real, const Dataset& data,
                              const std::string& path) {
  if (data.classes().empty()) {
    Fail(ErrorCode::kBadData, "utility", "wants classes, \"{}\" has none: make it with --class all",
         Printable(path));
  }
  std::vector<int64_t> labels;
  for (const std::string& name : data.classes()) {
    const auto found = std::ranges::find(real, name);
    if (found == real.end()) {
      Fail(ErrorCode::kBadData, "utility",
           "wants the real data's classes ({}), \"{}\" has \"{}\" among its own", Listed(real),
           Printable(path), Printable(name));
    }
    labels.push_back(found - real.begin());
  }
  return labels;
}

Material Load(const UtilityOptions& options, const ProgressFn& progress, const CancelFlag* cancel) {
  DatasetOptions real = options.real;
  real.split = options.train_split;
  const Dataset train = Dataset::Open(real, progress, cancel);
  if (train.classes().size() < 2) {
    Fail(ErrorCode::kBadData, "utility", "wants real data of two classes or more, \"{}\" has {}",
         Printable(real.path), train.classes().size());
  }
  if (train.height() != train.width()) {
    Fail(ErrorCode::kUsage, "utility", "wants square pictures, got {}x{}: give a size",
         train.width(), train.height());
  }
  // Whatever comes beside the training pictures is brought to their form.
  real.size = train.height();
  real.channels = train.channels();
  real.split = options.test_split;
  real.limit = real.limit_per_class = 0;
  const Dataset test = Dataset::Open(real, progress, cancel);
  DatasetOptions made = real;
  made.path = options.generated;
  made.labels = "auto";
  made.split = "train";
  const Dataset generated = Dataset::Open(made, progress, cancel);
  const std::vector<std::string>& classes = train.classes();
  return {TensorsOf(train),
          TensorsOf(test, LabelsIn(classes, test, real.path)),
          TensorsOf(generated, LabelsIn(classes, generated, made.path)),
          {.channels = train.channels(),
           .size = train.height(),
           .classes = static_cast<int64_t>(classes.size())}};
}

// "Generated pictures help: balanced accuracy +3.1 points (95 %: 1.0 to 5.2) over 5 trials".
std::string Verdict(const Comparison& found, int64_t trials) {
  const double gain = 100 * found.gain.mean, margin = 100 * found.margin;
  if (trials == 1) {
    return fmt::format("one trial says nothing of chance: balanced accuracy {:+.1f} points", gain);
  }
  return fmt::format(
      "generated pictures {}: balanced accuracy {:+.1f} points (95 % interval {:+.1f} to {:+.1f}) "
      "over {} trials",
      !found.clear ? "make no difference that is more than chance"
      : gain > 0   ? "help"
                   : "do harm",
      gain, gain - margin, gain + margin, trials);
}

}  // namespace

UtilityResult RunUtility(const UtilityOptions& options, const ProgressFn& progress,
                         const CancelFlag* cancel) {
  RequireRange("real pictures per class", options.per_class, 1);
  RequireRange("generated pictures per class", options.generated_per_class, 0);
  RequireRange("trials", options.trials, 1);
  RequireRange("steps", options.steps, 1);
  RequireRange("a batch", options.batch, 2);
  RequireRange("threads", options.threads, 1);
  constexpr double kLoading = 0.05;
  const Material material = Load(options, {}, cancel);
  const Graph graph = ClassifierGraph(material.sizes);
  std::vector<double> plain[2], balanced[2];
  UtilityResult result;
  for (int64_t trial = 0; trial < options.trials; ++trial) {
    Random random(options.seed + static_cast<uint64_t>(trial));
    const std::vector<LabelledTensors> sources{
        ChooseOfEach(material.train, options.per_class, random),
        ChooseOfEach(material.generated, options.generated_per_class, random)};
    result.real_pictures = sources[0].count();
    result.generated_pictures = sources[1].count();
    const ClassifierOptions how{.steps = options.steps,
                                .batch = options.batch,
                                .shift = std::max<int64_t>(1, material.sizes.size / 14),
                                .seed = random.Next(),
                                .threads = options.threads};
    for (const size_t with : {0, 1}) {
      const auto report = [&](double done) {
        if (!progress) return;
        const double trainings = static_cast<double>(2 * trial) + static_cast<double>(with) + done;
        progress(kLoading + (1 - kLoading) * trainings / static_cast<double>(2 * options.trials));
      };
      const NamedTensors trained =
          TrainClassifier(graph, std::span(sources).first(1 + with), how, report, cancel);
      const Accuracy accuracy = Score(graph, trained, material.test, options.threads);
      plain[with].push_back(accuracy.plain);
      balanced[with].push_back(accuracy.balanced);
    }
  }
  result.classes = material.sizes.classes;
  result.test_pictures = material.test.count();
  result.accuracy = Compare(plain[0], plain[1]);
  result.balanced = Compare(balanced[0], balanced[1]);
  result.verdict = Verdict(result.balanced, options.trials);
  return result;
}

}  // namespace gan::core
