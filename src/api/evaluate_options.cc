// The options of evaluations by name.

#include "api/option_text.h"
#include "base/error.h"
#include "gan/evaluate.h"
#include "metrics/evaluation.h"

namespace gan {

using core::ParseInteger;
using core::ParseSeed;

namespace {

constexpr int64_t kMost = 100'000'000;  // pictures

void SetMetrics(EvaluateOptions& o, std::string_view text) {
  o.metrics.clear();
  while (true) {
    const size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    if (name == "all") {
      o.metrics.assign(core::kFigures.begin(), core::kFigures.end());
    } else {
      o.metrics.emplace_back(name);
    }
    if (comma == text.npos) return;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::span<const Option<EvaluateOptions>> EvaluateOptionList() {
  using O = EvaluateOptions;
  static constexpr Option<O> kList[] = {
      {"metrics", "NAME,...",
       "names of docs/metrics.md, or all; default fid kid precision recall "
       "density coverage",
       SetMetrics},
      {"features", "glyphs|pixels|FILE",
       "what compares: the shipped classifier (default), pixels, or Inception-v3's weights",
       [](O& o, std::string_view t) { o.features = t; }},
      {"resizer", "bilinear|antialias", "how pictures get to that network's size; default bilinear",
       [](O& o, std::string_view t) {
         o.resizer = core::ParseWord("resizer", t, {"bilinear", "antialias"}) == 0 ? "bilinear"
                                                                                   : "antialias";
       }},
      {"split", "train|val|test", "part of the reference; default train",
       [](O& o, std::string_view t) {
         static constexpr const char* kNames[] = {"train", "val", "test"};
         o.split = kNames[core::ParseWord("split", t, {"train", "val", "test"})];
       }},
      {"size", "N", "pixels a side that data sets are brought to; default: as they are",
       [](O& o, std::string_view t) { o.size = ParseInteger("size", t, 1, 65'536); }},
      {"reference-limit", "N", "a seeded choice of so many reference pictures; default: all",
       [](O& o, std::string_view t) {
         o.reference = ParseInteger("reference-limit", t, 2, kMost);
       }},
      {"samples", "N", "pictures to judge; default: all of data, 2000 of a generator",
       [](O& o, std::string_view t) { o.samples = ParseInteger("samples", t, 1, kMost); }},
      {"nearest", "K", "neighbours of precision, recall, density and coverage; default 5",
       [](O& o, std::string_view t) { o.nearest = ParseInteger("nearest", t, 1, 100); }},
      {"splits", "N", "of the Inception score; default 10",
       [](O& o, std::string_view t) { o.splits = ParseInteger("splits", t, 1, 1000); }},
      {"subsets", "N", "of KID; default 100",
       [](O& o, std::string_view t) { o.subsets = ParseInteger("subsets", t, 1, 10'000); }},
      {"seed", "S", "of samples and of all that is chosen; default 0",
       [](O& o, std::string_view t) { o.seed = ParseSeed("seed", t); }},
      {"neighbours", "PICTURE", "write samples beside the reference pictures most like them",
       [](O& o, std::string_view t) { o.neighbours = t; }},
      {"neighbour-rows", "N", "samples on that picture; default 10",
       [](O& o, std::string_view t) {
         o.neighbour_rows = ParseInteger("neighbour-rows", t, 1, 1000);
       }},
      {"cache", "FOLDER", "for decoded data and what is known of a reference; default the user's",
       [](O& o, std::string_view t) { o.cache = t; }},
  };
  return kList;
}

}  // namespace gan
