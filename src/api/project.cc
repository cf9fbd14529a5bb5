#include "gan/training/project.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "api/latent_space.h"
#include "api/option_text.h"
#include "api/progress_state.h"
#include "api/project_module.h"
#include "base/error.h"
#include "base/thread_pool.h"
#include "data/fit.h"
#include "formats/npy.h"
#include "media/picture.h"
#include "media/sheet.h"
#include "models/styles.h"
#include "runtime/plugin.h"
#include "tasks/latents.h"

namespace gan {
namespace {

using core::ParseInteger;
using core::ParseSeed;
using core::ParseWord;
using core::Tensor;

constexpr int64_t kMostCandidates = 10'000;  // all of them are held

// The picture as the generator would make it, [C, H, W] in [0, 1].
Tensor ReadTarget(const std::string& path, const ModelInfo& info, const std::string& fit) {
  const auto reader = std::make_shared<core::PictureReader>(path);
  core::OpenedPicture opened;
  opened.info = reader->info();
  opened.rows = [reader](int64_t, int64_t count, const core::TensorView& view) {
    reader->ReadRows(count, view);
  };
  const Tensor fitted = core::FittedPicture(std::move(opened), core::FitFromName(fit),
                                            info.latent->height, info.latent->width);
  return core::WithChannels(fitted, info.out_channels);
}

LatentKind KindWanted(const Model::State& state, LatentKind kind) {
  const bool styles = state.model.style.has_value();
  if (kind == LatentKind::kAuto) return styles ? LatentKind::kW : LatentKind::kZ;
  if (!styles && kind != LatentKind::kZ) {
    core::Fail(ErrorCode::kUsage, "latent", "{} has no styles: w and w+ are StyleGAN's",
               state.model.description);
  }
  if (styles && kind == LatentKind::kZ) {
    core::Fail(ErrorCode::kUsage, "latent", "projects into w or w+ of StyleGAN, not into z");
  }
  return kind;
}

// Their mean, put before them as one more.
void PutMeanFirst(Tensor& rows) {
  const int64_t count = rows.shape()[0];
  const auto width = static_cast<size_t>(rows.shape()[1]);
  Tensor all(core::DType::kF32, {count + 1, rows.shape()[1]});
  std::ranges::copy(rows.floats(), all.floats().subspan(width).begin());
  for (size_t i = 0; i < width; ++i) {
    double sum = 0;
    for (size_t row = 0; row < static_cast<size_t>(count); ++row) {
      sum += rows.floats()[row * width + i];
    }
    all.floats()[i] = static_cast<float>(sum / static_cast<double>(count));
  }
  rows = all;
}

// The root of the mean square of what sets `rows` apart from the first, their mean.
float DeviationOf(const Tensor& rows) {
  const auto width = static_cast<size_t>(rows.shape()[1]);
  double sum = 0;
  const std::span<const float> values = rows.floats();
  for (size_t i = width; i < values.size(); ++i) {
    const double away = double{values[i]} - values[i % width];
    sum += away * away;
  }
  const double mean = sum / static_cast<double>(std::max<size_t>(1, values.size() - width));
  return mean > 0 ? static_cast<float>(std::sqrt(mean)) : 1.0f;
}

class Projection {
 public:
  Projection(Model::State& state, const ProjectOptions& options)
      : state_(state),
        options_(options),
        kind_(KindWanted(state, options.latent_kind)),
        space_(state) {}

  core::ProjectionProblem Problem(const Tensor& target) {
    core::ProjectionProblem problem;
    problem.target = target.Clone();
    for (float& x : problem.target.floats()) x = 2 * x - 1;
    core::SpaceLatents drawn =
        space_.Drawn(options_.seed, options_.candidates, options_.which_class);
    problem.labels = std::move(drawn.labels);
    problem.classes = space_.network_classes();
    if (!space_.styles()) {
      problem.graph = &state_.model.graph;
      problem.parameters = &state_.model.parameters;
      problem.candidates = drawn.rows;
      return problem;
    }
    parameters_ = core::WithoutTruncation(state_.model);
    problem.graph = &state_.model.style->space.synthesis;
    problem.parameters = &parameters_;
    const bool each = kind_ == LatentKind::kWPlus;
    drawn.one_style = !each;
    problem.candidates = each ? drawn.rows : space_.Written(drawn);
    problem.repeats = each ? 1 : space_.parts();
    PutMeanFirst(problem.candidates);
    problem.unit = DeviationOf(problem.candidates);
    return problem;
  }

  // What was found, as the space has it.
  core::SpaceLatents Latents(const core::ProjectedLatent& found) const {
    core::SpaceLatents out{found.latent, {}, kind_ != LatentKind::kWPlus};
    if (found.label >= 0) out.labels = {found.label};
    if (kind_ == LatentKind::kW) {
      out.rows = core::StyleRows(state_.model.style->space, found.latent, "project");
    }
    return out;
  }

  core::LatentSpace& space() { return space_; }

 private:
  Model::State& state_;
  const ProjectOptions& options_;
  LatentKind kind_;
  core::LatentSpace space_;
  core::NamedTensors parameters_;
};

void CheckProject(const std::string& latents, const std::string& picture,
                  const ProjectOptions& options) {
  if (!latents.ends_with(".npy")) {
    core::Fail(ErrorCode::kUsage, "latent", "writes latents into a .npy file, got \"{}\"",
               core::Printable(latents));
  }
  if (!picture.empty()) core::FormatFromExtension(picture);
  if (options.candidates < 1 || options.candidates > kMostCandidates) {
    core::Fail(ErrorCode::kUsage, "candidates", "wants 1 to {}, got {}", kMostCandidates,
               options.candidates);
  }
}

}  // namespace

ProjectResult ProjectPicture(const Model& model, const std::string& input,
                             const std::string& latents, const std::string& picture,
                             const ProjectOptions& options, const ProgressFn& progress,
                             const CancelFlag* cancel) {
  const auto start = std::chrono::steady_clock::now();
  const auto project = reinterpret_cast<core::ProjectFunction*>(
      core::LoadPluginFunction("training", core::kProjectFunction));
  CheckProject(latents, picture, options);
  Projection projection(model.state(), options);
  const Tensor target = ReadTarget(input, model.info(), options.fit);
  const core::ProjectionProblem problem = projection.Problem(target);
  const core::ProjectionSettings settings{
      .steps = options.steps,
      .tries = options.tries,
      .rate = options.rate,
      .device = options.device,
      .threads = options.threads > 0 ? options.threads : core::ThreadPool::AvailableProcessors()};
  core::ProjectedLatent found;
  project(core::PluginVersion(), &problem, &settings, &progress, CoreFlag(cancel), &found);
  core::LatentSpace& space = projection.space();
  const core::SpaceLatents made = projection.Latents(found);
  // In [0, 1] a difference is half as large as in [-1, 1].
  ProjectResult result{.input = input,
                       .latents = latents,
                       .picture = picture,
                       .space = space.NameOf(made),
                       .label = found.label,
                       .start_error = found.start_error / 4,
                       .error = found.error / 4};
  result.psnr = -10 * std::log10(std::max(result.error, 1e-12));
  if (!picture.empty()) space.WriteBeside(picture, target, made, options.provenance);
  core::WriteNpy(latents, space.Written(made));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  result.seconds = seconds.count();
  return result;
}

std::span<const Option<ProjectOptions>> ProjectOptionList() {
  using O = ProjectOptions;
  static constexpr Option<O> kList[] = {
      {"latent", "auto|z|w|w+", "what to look for; default z, of StyleGAN w",
       [](O& o, std::string_view t) { o.latent_kind = core::ParseLatentKind(t); }},
      {"steps", "N", "of gradient descent; default 500",
       [](O& o, std::string_view t) { o.steps = ParseInteger("steps", t, 1, 10'000'000); }},
      {"candidates", "N", "latents drawn to begin from; default 256",
       [](O& o, std::string_view t) {
         o.candidates = ParseInteger("candidates", t, 1, kMostCandidates);
       }},
      {"tries", "N", "of them, the nearest, descend side by side; default 4",
       [](O& o, std::string_view t) { o.tries = ParseInteger("tries", t, 1, 4096); }},
      {"rate", "R", "of a step, in standard deviations of the latents; default 0.05",
       [](O& o, std::string_view t) { o.rate = core::ParseNumber("rate", t, 1e-6, 100); }},
      {"seed", "S", "of the candidates; default 0",
       [](O& o, std::string_view t) { o.seed = ParseSeed("seed", t); }},
      {"class", "NAME", "of the candidates; default: some of all",
       [](O& o, std::string_view t) { o.which_class = t; }},
      {"fit", "cover|contain|stretch", "how the picture gets the generator's size; default cover",
       [](O& o, std::string_view t) {
         static constexpr const char* kNames[] = {"cover", "contain", "stretch"};
         o.fit = kNames[ParseWord("fit", t, {"cover", "contain", "stretch"})];
       }},
      {"no-provenance", "", "do not say in the picture's XMP that a generator made it",
       [](O& o, std::string_view t) { o.provenance = !core::ParseSwitch("no-provenance", t); }},
  };
  return kList;
}

std::string ToJson(const ProjectResult& result) {
  nlohmann::ordered_json json = {{"input", result.input},
                                 {"latents", result.latents},
                                 {"picture", result.picture},
                                 {"space", result.space}};
  if (result.label >= 0) json["label"] = result.label;
  json.update({{"start_error", result.start_error},
               {"error", result.error},
               {"psnr", result.psnr},
               {"seconds", result.seconds}});
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace gan
