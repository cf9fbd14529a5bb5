// The options of directions, edits and projections by name.
#include <array>
#include <charconv>
#include <tuple>

#include "api/option_text.h"
#include "base/error.h"
#include "gan/sample.h"

namespace gan {

using core::kLatentKinds;
using core::ParseInteger;
using core::ParseLatentKind;
using core::ParseNumber;
using core::ParseRange;
using core::ParseSeed;
using core::ParseSwitch;
using core::ParseWord;

namespace {

// "3=2.5,0=-1", added to those there are.
void AddMoves(EditOptions& o, std::string_view text) {
  for (size_t begin = 0; begin <= text.size();) {
    const std::string_view part = text.substr(begin, text.find(',', begin) - begin);
    begin += part.size() + 1;
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      core::Fail(ErrorCode::kUsage, "--move",
                 "wants directions and steps such as 3=2.5, got \"{}\"", core::Printable(text));
    }
    o.moves.push_back({ParseInteger("move", part.substr(0, equals), 0, 1'000'000),
                       ParseNumber("move", part.substr(equals + 1), -1e6, 1e6)});
  }
}

}  // namespace

std::span<const Option<DirectionOptions>> DirectionOptionList() {
  using O = DirectionOptions;
  static constexpr Option<O> kList[] = {
      {"method", "sefa|pca", "by the first layer's weights (default), or by what varies most",
       [](O& o, std::string_view t) {
         o.method =
             ParseWord("method", t, {"sefa", "pca"}) == 0 ? O::Method::kSefa : O::Method::kPca;
       }},
      {"count", "K", "directions; default 8",
       [](O& o, std::string_view t) { o.count = ParseInteger("count", t, 1, 4096); }},
      {"layers", "A-B", "StyleGAN: those whose styles are looked at and moved; default all",
       [](O& o, std::string_view t) {
         std::tie(o.first_layer, o.last_layer) = ParseRange("layers", t);
       }},
      {"samples", "N", "latents drawn to find or measure directions by; default 4096",
       [](O& o, std::string_view t) { o.samples = ParseInteger("samples", t, 2, 1'000'000); }},
      {"seed", "S", "of the samples, and of the picture that the sheet moves; default 0",
       [](O& o, std::string_view t) { o.seed = ParseSeed("seed", t); }},
      {"class", "NAME", "of the samples and the picture, where the model knows classes",
       [](O& o, std::string_view t) { o.which_class = t; }},
      {"span", "D", "of the sheet: from -D to D standard deviations; default 3",
       [](O& o, std::string_view t) { o.span = ParseNumber("span", t, 0.001, 1000); }},
      {"columns", "N", "of the sheet: steps from one end to the other; default 7",
       [](O& o, std::string_view t) { o.columns = ParseInteger("columns", t, 1, 1000); }},
      {"no-provenance", "", "do not say in the sheet's XMP that a generator made it",
       [](O& o, std::string_view t) { o.provenance = !ParseSwitch("no-provenance", t); }},
  };
  return kList;
}

std::span<const Option<EditOptions>> EditOptionList() {
  using O = EditOptions;
  static constexpr Option<O> kList[] = {
      {"in", "FILE.npy", "latents to begin from; default: drawn by the seed",
       [](O& o, std::string_view t) { o.latents = t; }},
      {"latent", kLatentKinds, "what they are; default: what their shape fits, z before w",
       [](O& o, std::string_view t) { o.latent_kind = ParseLatentKind(t); }},
      {"seed", "S", "of the random numbers; default 0",
       [](O& o, std::string_view t) { o.seed = ParseSeed("seed", t); }},
      {"count", "N", "pictures drawn by the seed; default 1",
       [](O& o, std::string_view t) { o.count = ParseInteger("count", t, 1, 10'000); }},
      {"class", "NAME", "name or number of what to draw, where the model knows classes",
       [](O& o, std::string_view t) { o.which_class = t; }},
      {"directions", "FILE.npy", "as gan latent directions writes them",
       [](O& o, std::string_view t) { o.directions = t; }},
      {"move", "K=STEP,...", "direction K, from 0, and how many standard deviations along it",
       [](O& o, std::string_view t) { AddMoves(o, t); }},
      {"layers", "A-B", "StyleGAN: the layers whose styles are moved; default all",
       [](O& o, std::string_view t) {
         std::tie(o.first_layer, o.last_layer) = ParseRange("layers", t);
       }},
      {"no-provenance", "", "do not say in the picture's XMP that a generator made it",
       [](O& o, std::string_view t) { o.provenance = !ParseSwitch("no-provenance", t); }},
  };
  return kList;
}

}  // namespace gan
