#include "gan/sample.h"

#include <cmath>
#include <optional>
#include <string_view>

#include "api/given_latents.h"
#include "api/model_state.h"
#include "api/progress_state.h"
#include "api/style_mix.h"
#include "base/error.h"
#include "formats/npy.h"
#include "tasks/sample.h"
#include "tensor/fingerprint.h"

namespace gan {
namespace {

std::vector<int64_t> ReadLabels(const std::string& path) {
  const core::Tensor tensor = core::ReadNpy(path).ToFloat();
  const core::Shape& shape = tensor.shape();
  if (shape.rank() != 1 && !(shape.rank() == 2 && shape[1] == 1)) {
    core::Fail(ErrorCode::kBadData, core::Printable(path),
               "wants the number of a class for each picture, [n], got {}", shape.ToString());
  }
  std::vector<int64_t> labels;
  for (const float label : tensor.floats()) {
    if (!(label >= 0 && label < 1e6f) || label != std::floor(label)) {
      core::Fail(ErrorCode::kBadData, core::Printable(path), "wants numbers of classes, got {}",
                 label);
    }
    labels.push_back(static_cast<int64_t>(label));
  }
  return labels;
}

core::SampleRequest RequestOf(const SampleOptions& options, const LatentInput& latent,
                              const std::vector<std::string>& names) {
  core::SampleRequest request;
  if (options.count != 0) request.count = options.count;
  request.per_class = options.per_class;
  if (options.which_class == "all") {
    request.all_classes = true;
  } else if (!options.which_class.empty()) {
    request.one_class = core::FindClass(options.which_class, latent.classes, names);
  }
  if (!options.labels.empty()) {
    if (!options.which_class.empty()) {
      core::Fail(ErrorCode::kUsage, "sample", "--labels excludes --class");
    }
    request.labels = ReadLabels(options.labels);
    if (!request.count) request.count = static_cast<int64_t>(request.labels.size());
  }
  if (options.columns != 0 || options.rows != 0) {
    if (options.columns < 1 || options.rows < 1) {
      core::Fail(ErrorCode::kUsage, "grid", "wants columns and rows of 1 or more, got {} and {}",
                 options.columns, options.rows);
    }
    request.grid = {options.columns, options.rows};
  }
  using Interpolation = SampleOptions::Interpolation;
  if (options.interpolation == Interpolation::kLinear) {
    request.interpolation = core::Interpolation::kLinear;
  } else if (options.interpolation == Interpolation::kSpherical) {
    request.interpolation = core::Interpolation::kSpherical;
  }
  if (options.frames != 0) request.frames = options.frames;
  return request;
}

core::SampleOptions TaskOptions(const SampleOptions& options, const LatentInput& latent,
                                const std::vector<std::string>& names) {
  core::SampleOptions task;
  task.request = RequestOf(options, latent, names);
  task.seed = options.seed;
  task.rng = core::SourceOf(options);
  if (options.truncation != 0) {
    if (!(options.truncation >= 0.01)) {
      core::Fail(ErrorCode::kUsage, "truncation", "wants 0.01 or more, got {}", options.truncation);
    }
    task.truncation = options.truncation;
  }
  if (!options.format.empty()) task.format = core::FormatFromExtension("x." + options.format);
  task.provenance = options.provenance;
  task.overwrite = options.overwrite;
  task.frame_milliseconds = options.frame_milliseconds;
  return task;
}

std::string_view NameOf(core::SampleForm form) {
  switch (form) {
    case core::SampleForm::kSheet: return "sheet";
    case core::SampleForm::kFolder: return "folder";
    case core::SampleForm::kAnimation: return "animation";
  }
  GAN_ASSERT(false);
}

core::SampleSource SourceFrom(Model::State& state, bool from_styles) {
  LatentInput latent = *state.info.latent;
  // Styles have their class already.
  if (from_styles) latent.classes = 0, latent.class_names.clear();
  const core::NamedTensors& parameters =
      state.file_given.empty() ? state.model.parameters : state.file_given;
  core::SampleSource source{.network = from_styles ? state.Synthesis() : *state.executable,
                            .classes = latent.classes,
                            .class_names = latent.class_names,
                            .name = state.name,
                            .family = state.info.family,
                            .hash = core::FingerprintOf(parameters)};
  if (state.info.styles) source.style = state.style;
  return source;
}

SampleResult SampleFrom(Model::State& state, const std::string& output,
                        const SampleOptions& options, const SampleEvents& events) {
  if (!options.mix_rows.empty() || !options.mix_columns.empty()) {
    return core::SampleMixed(state, output, options, events);
  }
  if (!options.latents.empty() && options.truncation != 0) {
    core::Fail(ErrorCode::kUsage, "sample", "--latents excludes --truncation");
  }
  std::optional<core::GivenLatents> given;
  if (!options.latents.empty())
    given = core::ReadLatents(state, options.latents, options.latent_kind);
  const bool styles = given && given->styles;
  if (styles && (!options.which_class.empty() || !options.labels.empty())) {
    core::Fail(ErrorCode::kUsage, "class", "styles have their class already: give no class");
  }
  const core::SampleSource source = SourceFrom(state, styles);
  LatentInput latent = *state.info.latent;
  latent.classes = source.classes;
  core::SampleOptions task = TaskOptions(options, latent, source.class_names);
  if (given) task.latents = given->rows, task.latent_file = given->file;
  // Styles lie on no sphere.
  if (styles) task.usual_interpolation = core::Interpolation::kLinear;
  task.max_memory = core::MemoryBudget(state.options);
  task.progress = events.progress;
  task.cancel = CoreFlag(events.cancel);
  const core::SampleResult done = core::SampleTo(source, output, task);
  return {.output = output,
          .kind = std::string(NameOf(done.form)),
          .pictures = done.pictures,
          .files = done.files,
          .width = done.width,
          .height = done.height,
          .frames = done.frames,
          .seconds = done.seconds};
}

}  // namespace

SampleResult Sample(const Model& model, const std::string& output, const SampleOptions& options,
                    const SampleEvents& events) {
  Model::State& state = model.state();
  if (!state.info.latent) {
    core::Fail(ErrorCode::kUsage, "sample",
               "{} makes pictures of pictures, not of random numbers: gan upscale is for it",
               core::Printable(state.info.description));
  }
  if (output.empty()) core::Fail(ErrorCode::kUsage, "sample", "wants the name of a file or folder");
  if (!state.info.styles || options.truncation == 0) {
    return SampleFrom(state, output, options, events);
  }
  // Psi is the network's; the rest of what was chosen of it stays.
  SampleOptions rest = options;
  rest.truncation = 0;
  core::StyleChoice choice = state.style;
  choice.truncation = options.truncation;
  return SampleFrom(*state.With(choice), output, rest, events);
}

}  // namespace gan
