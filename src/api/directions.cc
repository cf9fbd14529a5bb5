#include "latent/directions.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/latent_space.h"
#include "api/option_text.h"
#include "api/progress_state.h"
#include "api/run_network.h"
#include "base/error.h"
#include "formats/npy.h"
#include "gan/sample.h"
#include "latent/first_layer.h"
#include "latent/moves.h"
#include "media/picture.h"
#include "media/samples.h"
#include "tasks/latents.h"

namespace gan {
namespace {

using core::Tensor;

// Bytes that samples may take; more of them would tell little more.
constexpr uint64_t kMostSampleBytes = uint64_t{128} << 20;
constexpr int64_t kFewestSamples = 64;
constexpr int64_t kBatch = 64;
constexpr int64_t kMostPictures = 10'000;  // in a sheet: all their latents are held

struct Found {
  Tensor directions;
  core::PrincipalAxes axes;
};

// The share of the work that making samples is; the sheet is the rest.
constexpr double kSampling = 0.5;

class Finder {
 public:
  Finder(Model::State& state, const DirectionOptions& options, const SampleEvents& events)
      : state_(state), options_(options), events_(events), space_(state) {}

  Found InStyles(const core::LayerRange& layers) {
    const Tensor samples = SampledStyles();
    Found found;
    if (options_.method == DirectionOptions::Method::kSefa) {
      found.axes = core::PrincipalAxesOf(core::StyleWeights(state_.model, layers), options_.count);
    } else {
      Tensor centred = samples.Clone();
      core::Centre(centred);
      found.axes = core::PrincipalAxesOf(centred, options_.count);
    }
    found.directions = found.axes.vectors.Clone();
    core::ScaleToDeviation(found.directions, samples);
    return found;
  }

  // Numbers of a normal distribution have a deviation of 1 in every direction.
  Found InNumbers() {
    Found found;
    if (options_.method == DirectionOptions::Method::kSefa) {
      found.axes = core::PrincipalAxesOf(core::FirstWeights(state_.model), options_.count);
      found.directions = found.axes.vectors;
      return found;
    }
    auto [z, activations] = SampledActivations();
    core::Centre(activations);
    const int64_t count = std::min(options_.count, z.shape()[1]);
    found.axes = core::PrincipalAxesOf(activations, count);
    found.directions = core::Regressed(found.axes, activations, z);
    return found;
  }

 private:
  Tensor DrawnNumbers(int64_t count) const {
    Tensor z(core::DType::kF32, {count, state_.model.latent->size});
    const auto width = static_cast<size_t>(z.shape()[1]);
    const core::Latents latents(z.shape()[1], options_.seed);
    for (int64_t i = 0; i < count; ++i) {
      latents.Fill(i, z.floats().subspan(static_cast<size_t>(i) * width, width));
    }
    return z;
  }

  // What `network` makes of each of these numbers, [n, ...] in one piece.
  Tensor Run(core::Executable& network, const Tensor& z) {
    const int64_t count = z.shape()[0], size = z.shape()[1];
    const std::vector<int64_t> labels = space_.Labels(options_.seed, count, options_.which_class);
    std::vector<float> made;
    for (int64_t first = 0; first < count; first += kBatch) {
      if (events_.cancel != nullptr) CoreFlag(events_.cancel)->ThrowIfCancelled();
      const int64_t some = std::min(kBatch, count - first);
      Tensor part(core::DType::kF32, {some, size});
      core::CopyElements(z.view().Slice(0, first, some), part.view());
      const auto begin = labels.begin() + (labels.empty() ? 0 : first);
      std::vector<Tensor> inputs =
          space_.Inputs(part, {begin, labels.empty() ? begin : begin + some});
      inputs.resize(network.graph().inputs.size());
      const Tensor out = core::RunNetwork(state_, network, inputs);
      made.insert(made.end(), out.floats().begin(), out.floats().end());
      if (events_.progress) {
        events_.progress(kSampling * static_cast<double>(first + some) /
                         static_cast<double>(count));
      }
    }
    return Tensor::FromFloats({count, static_cast<int64_t>(made.size()) / count}, made);
  }

  // As many as asked for, or fit: of `size` numbers each, beside the latent.
  int64_t SampleCount(int64_t size) const {
    const uint64_t bytes = std::min(kMostSampleBytes, core::MemoryBudget(state_.options) / 4);
    const auto one = static_cast<uint64_t>(size + state_.model.latent->size) * sizeof(float);
    return std::min(options_.samples, std::max(kFewestSamples, static_cast<int64_t>(bytes / one)));
  }

  Tensor SampledStyles() { return Run(state_.Mapping(), DrawnNumbers(SampleCount(space_.size()))); }

  std::pair<Tensor, Tensor> SampledActivations() {
    const core::Graph part = core::UpToFirstActivation(state_.model.graph);
    if (part.inputs.empty() || part.value(part.inputs[0]).name !=
                                   state_.model.graph.value(state_.model.graph.inputs[0]).name) {
      core::Fail(ErrorCode::kBadData, "latent", "the first activation depends on no random number");
    }
    const auto network = state_.engine.backend->Compile(part, state_.model.parameters);
    const core::Shape one = core::Evaluate(part.value(part.outputs[0]).shape, {{"N", 1}});
    Tensor z = DrawnNumbers(SampleCount(one.elements()));
    Tensor made = Run(*network, z);
    return {std::move(z), std::move(made)};
  }

  Model::State& state_;
  const DirectionOptions& options_;
  const SampleEvents& events_;
  core::LatentSpace space_;
};

void CheckDirections(const DirectionOptions& options, const std::string& output,
                     const std::string& sheet) {
  if (output.empty() || !output.ends_with(".npy")) {
    core::Fail(ErrorCode::kUsage, "latent", "writes directions into a .npy file, got \"{}\"",
               core::Printable(output));
  }
  if (!sheet.empty()) core::FormatFromExtension(sheet);
  const bool counts = options.count >= 1 && options.columns >= 1 && options.samples >= 2;
  if (!sheet.empty() && options.columns >= 1 && options.count > kMostPictures / options.columns) {
    core::Fail(ErrorCode::kUsage, "latent", "wants a sheet of at most {} pictures, got {} x {}",
               kMostPictures, options.count, options.columns);
  }
  if (!counts || options.count > 4096 || options.columns > 1000 || !(options.span > 0)) {
    core::Fail(
        ErrorCode::kUsage, "latent",
        "wants 1 to 4096 directions, 1 to 1000 columns, 2 samples or more and a span above 0");
  }
}

}  // namespace

DirectionResult FindDirections(const Model& model, const std::string& output,
                               const std::string& sheet, const DirectionOptions& options,
                               const SampleEvents& events) {
  const auto start = std::chrono::steady_clock::now();
  CheckDirections(options, output, sheet);
  Model::State& state = model.state();
  core::LatentSpace space(state);
  const core::LayerRange parts = space.Parts(options.first_layer, options.last_layer);
  const core::SpaceLatents origin = space.Drawn(options.seed, 1, options.which_class);
  Finder finder(state, options, events);
  const Found found = space.styles() ? finder.InStyles(parts) : finder.InNumbers();
  if (!core::AllFinite(found.directions.floats())) {
    core::Fail(ErrorCode::kInternal, "latent",
               "the directions hold NaN or infinity: the weights are broken");
  }
  DirectionResult result{.output = output,
                         .sheet = sheet,
                         .space = space.styles() ? "w" : "z",
                         .count = found.directions.shape()[0],
                         .size = found.directions.shape()[1]};
  for (const double value : found.axes.values) {
    result.shares.push_back(found.axes.total > 0 ? value / found.axes.total : 0);
  }
  if (!sheet.empty()) {
    core::SpaceLatents walks{
        core::Walks(origin.rows, found.directions, options.columns, options.span, parts)};
    const auto cells = static_cast<size_t>(walks.rows.shape()[0]);
    if (!origin.labels.empty()) walks.labels.assign(cells, origin.labels[0]);
    SampleEvents rest = events;
    if (events.progress) {
      rest.progress = [&](double done) { events.progress(kSampling + (1 - kSampling) * done); };
    }
    space.WriteSheet(sheet, walks, options.columns, options.provenance, rest);
  }
  core::WriteNpy(output, found.directions);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  result.seconds = seconds.count();
  return result;
}

std::string ToJson(const DirectionResult& result) {
  const nlohmann::ordered_json json = {{"output", result.output},  {"sheet", result.sheet},
                                       {"space", result.space},    {"count", result.count},
                                       {"size", result.size},      {"shares", result.shares},
                                       {"seconds", result.seconds}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace gan
