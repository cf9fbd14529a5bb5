#include "gan/training/utility.h"

#include <nlohmann/json.hpp>

#include "api/option_text.h"
#include "api/utility_module.h"
#include "runtime/plugin.h"

namespace gan {

using core::ParseInteger;
using core::ParseSeed;

std::span<const Option<UtilityOptions>> UtilityOptionList() {
  using O = UtilityOptions;
  constexpr int64_t kMost = 100'000'000;
  static constexpr Option<O> kList[] = {
      {"run", "RUN", "train on just the pictures that this run's generator learned from",
       [](O& o, std::string_view t) { o.run = t; }},
      {"train-split", "NAME", "part of the real data to train on; default train",
       [](O& o, std::string_view t) { o.train_split = t; }},
      {"test-split", "NAME", "part of the real data to test on; default test",
       [](O& o, std::string_view t) { o.test_split = t; }},
      {"size", "N", "pixels a side that all are brought to; default: as they are",
       [](O& o, std::string_view t) { o.size = ParseInteger("size", t, 16, 256); }},
      {"per-class", "N", "real pictures of each class to train on; default 50",
       [](O& o, std::string_view t) { o.per_class = ParseInteger("per-class", t, 1, kMost); }},
      {"generated-per-class", "N", "generated pictures of each class; default: all",
       [](O& o, std::string_view t) {
         o.generated_per_class = ParseInteger("generated-per-class", t, 1, kMost);
       }},
      {"seeds", "N", "trials, each with other real pictures and first weights; default 5",
       [](O& o, std::string_view t) { o.trials = ParseInteger("seeds", t, 1, 1000); }},
      {"steps", "N", "of one training, the same without and with; default 400",
       [](O& o, std::string_view t) { o.steps = ParseInteger("steps", t, 1, kMost); }},
      {"batch", "N", "pictures of a step; default 32",
       [](O& o, std::string_view t) { o.batch = ParseInteger("batch", t, 2, 65'536); }},
      {"seed", "S", "of all that is random; default 1",
       [](O& o, std::string_view t) { o.seed = ParseSeed("seed", t); }},
      {"cache", "FOLDER", "for decoded data; default the user's",
       [](O& o, std::string_view t) { o.cache = t; }},
  };
  return kList;
}

UtilityReport MeasureUtility(const std::string& real, const std::string& generated,
                             const UtilityOptions& options, const ProgressFn& progress,
                             const CancelFlag* cancel) {
  const auto measure = reinterpret_cast<core::UtilityFunction*>(
      core::LoadPluginFunction("training", core::kUtilityFunction));
  UtilityReport report;
  report.real = real;
  report.generated = generated;
  measure(core::PluginVersion(), &options, &progress, cancel, &report);
  return report;
}

std::string ToJson(const UtilityReport& report) {
  nlohmann::ordered_json json = {{"real", report.real},
                                 {"generated", report.generated},
                                 {"classes", report.classes},
                                 {"real_pictures", report.real_pictures},
                                 {"generated_pictures", report.generated_pictures},
                                 {"test_pictures", report.test_pictures},
                                 {"trials", report.trials}};
  for (const UtilityMeasure& measure : report.measures) {
    json[measure.name] = {
        {"without", measure.without},  {"without_deviation", measure.without_deviation},
        {"with", measure.with},        {"with_deviation", measure.with_deviation},
        {"gain", measure.gain},        {"gain_deviation", measure.gain_deviation},
        {"margin_95", measure.margin}, {"clear", measure.clear}};
  }
  json["verdict"] = report.verdict;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace gan
