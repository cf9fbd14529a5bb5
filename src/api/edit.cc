#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "api/latent_space.h"
#include "base/error.h"
#include "formats/npy.h"
#include "gan/sample.h"
#include "latent/moves.h"
#include "media/picture.h"
#include "media/samples.h"

namespace gan {
namespace {

core::Tensor ReadDirections(const std::string& path, int64_t size) {
  core::Tensor directions = core::ReadNpy(path).ToFloat();
  const core::Shape& shape = directions.shape();
  // One direction may stand alone.
  if (shape.rank() == 1 && shape[0] == size) return directions.Reshaped({1, size});
  if (shape.rank() != 2 || shape[0] < 1 || shape[1] != size) {
    core::Fail(ErrorCode::kBadData, core::Printable(path),
               "wants directions as [K, {}], got {}: found for another model?", size,
               shape.ToString());
  }
  return directions;
}

void CheckEdit(const std::string& picture, const std::string& latents, const EditOptions& options) {
  if (picture.empty() && latents.empty()) {
    core::Fail(ErrorCode::kUsage, "latent", "wants a picture or latents to write");
  }
  if (!picture.empty()) core::FormatFromExtension(picture);
  if (!latents.empty() && !latents.ends_with(".npy")) {
    core::Fail(ErrorCode::kUsage, "latent", "writes latents into a .npy file, got \"{}\"",
               core::Printable(latents));
  }
  if (options.count < 1 || options.count > 10'000) {
    core::Fail(ErrorCode::kUsage, "count", "wants 1 to 10000 pictures, got {}", options.count);
  }
  if (options.directions.empty() && !options.moves.empty()) {
    core::Fail(ErrorCode::kUsage, "move", "wants directions to move along: give their file");
  }
}

}  // namespace

EditResult EditLatents(const Model& model, const std::string& picture, const std::string& latents,
                       const EditOptions& options, const SampleEvents& events) {
  const auto start = std::chrono::steady_clock::now();
  CheckEdit(picture, latents, options);
  core::LatentSpace space(model.state());
  const core::LayerRange parts = space.Parts(options.first_layer, options.last_layer);
  core::SpaceLatents edited =
      options.latents.empty()
          ? space.Drawn(options.seed, options.count, options.which_class)
          : space.Given(options.latents, options.latent_kind, options.seed, options.which_class);
  edited.rows = edited.rows.Clone();
  if (!options.directions.empty()) {
    const core::Tensor directions = ReadDirections(options.directions, space.size());
    std::vector<core::Move> moves;
    for (const EditOptions::Move& move : options.moves) moves.push_back({move.direction, move.by});
    core::MoveLatents(edited.rows, directions, moves, parts);
    const bool all = parts.first == 0 && parts.last == space.parts() - 1;
    if (!all && !moves.empty()) edited.one_style = false;
  }
  if (!core::AllFinite(edited.rows.floats())) {
    core::Fail(ErrorCode::kBadData, "latent",
               "the latents hold NaN or infinity, or will when they are moved");
  }
  EditResult result{.picture = picture,
                    .latents = latents,
                    .space = space.NameOf(edited),
                    .pictures = edited.rows.shape()[0]};
  if (!picture.empty()) {
    const double side = std::ceil(std::sqrt(static_cast<double>(result.pictures)));
    space.WriteSheet(picture, edited, static_cast<int64_t>(side), options.provenance, events);
  }
  if (!latents.empty()) core::WriteNpy(latents, space.Written(edited));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  result.seconds = seconds.count();
  return result;
}

std::string ToJson(const EditResult& result) {
  const nlohmann::ordered_json json = {{"picture", result.picture},
                                       {"latents", result.latents},
                                       {"space", result.space},
                                       {"pictures", result.pictures},
                                       {"seconds", result.seconds}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace gan
