#include "gan/model.h"

#include <filesystem>
#include <utility>

#include "api/array_tensor.h"
#include "api/class_names.h"
#include "api/load.h"
#include "api/model_state.h"
#include "api/network_inputs.h"
#include "api/run_network.h"
#include "base/error.h"
#include "models/style_choice.h"
#include "models/styles.h"
#include "runtime/dropout_masks.h"

namespace gan {

namespace {

// The weights go as they are packed, but for networks that WithStyle() may pack again.
std::unique_ptr<core::Executable> Compiled(core::Backend& backend, core::Model& model,
                                           const DropoutOptions& dropout) {
  if (!dropout.on && dropout.seed) {
    core::Fail(ErrorCode::kUsage, "seed", "is that of --dropout, which is not asked for");
  }
  if (dropout.on && !core::HasDropout(model.graph)) {
    core::Fail(ErrorCode::kUsage, "dropout",
               "{} has no dropout that is known: nothing varies from seed to seed",
               model.description);
  }
  core::NamedTensors parameters =
      model.latent ? model.parameters : std::exchange(model.parameters, {});
  if (!dropout.on) return backend.Compile(model.graph, std::move(parameters));
  return core::CompileWithDropout(backend, model.graph, std::move(parameters),
                                  dropout.seed.value_or(0));
}

// The threads go again before the engine brings its own.
core::Contents ReadOnThreads(const std::string& name, const LoadOptions& options, int threads) {
  core::ThreadPool pool(threads);
  return core::ReadContents(name, options, &pool);
}

}  // namespace

Model::State::State(core::Model generator, const EngineOptions& engine_options,
                    const DropoutOptions& dropout)
    : options(engine_options),
      engine(engine_options),
      model(std::move(generator)),
      info(core::InfoOf(model)),
      executable(Compiled(*engine.backend, model, dropout)) {}

core::Executable& Model::State::Mapping() {
  if (!mapping_) mapping_ = engine.backend->Compile(model.style->space.mapping, model.parameters);
  return *mapping_;
}

core::Executable& Model::State::Synthesis() {
  if (!synthesis_) {
    synthesis_ = engine.backend->Compile(model.style->space.synthesis, model.parameters);
  }
  return *synthesis_;
}

core::Executable& Model::State::SynthesisOfTruncated() {
  if (!synthesis_of_truncated_) {
    synthesis_of_truncated_ =
        engine.backend->Compile(model.style->space.synthesis, core::WithoutTruncation(model));
  }
  return *synthesis_of_truncated_;
}

std::shared_ptr<Model::State> Model::State::With(const core::StyleChoice& choice) const {
  core::Model chosen = model;
  if (!file_given.empty()) chosen.parameters = file_given;
  core::NamedTensors before = chosen.parameters;
  core::ApplyStyleChoice(choice, chosen);
  const auto state = std::make_shared<State>(std::move(chosen), options);
  state->name = name;
  state->style = choice;
  state->file_given = std::move(before);
  if (state->info.latent) state->info.latent->class_names = info.latent->class_names;
  return state;
}

Model::Model(std::shared_ptr<State> state) : state_(std::move(state)) {}

Model Model::Load(const std::string& name, const EngineOptions& engine, const LoadOptions& options,
                  const DropoutOptions& dropout) {
  if (const std::vector<core::MixtureName> parts = core::MixtureIn(name); !parts.empty()) {
    const auto state = std::make_shared<State>(core::MixtureOf(parts, options), engine, dropout);
    state->name = name;
    return Model(state);
  }
  core::Contents contents = ReadOnThreads(name, options, engine.threads);
  const std::string path = contents.path;
  const std::map<std::string, std::string> metadata = contents.checkpoint.metadata;
  core::Model generator = core::GeneratorOf(std::move(contents));  // and the rest of the file goes
  const auto state = std::make_shared<State>(std::move(generator), engine, dropout);
  state->name = std::filesystem::path(path).filename().string();
  if (std::optional<LatentInput>& latent = state->info.latent) {
    latent->class_names = core::ClassNamesIn(metadata, latent->classes);
  }
  return Model(state);
}

Model Model::Random(const std::string& family, const std::map<std::string, int64_t>& sizes,
                    uint64_t seed, const EngineOptions& engine, const DropoutOptions& dropout) {
  core::Model generator =
      core::BuildRandom(family, core::ModelSizes(sizes.begin(), sizes.end()), seed);
  return Model(std::make_shared<State>(std::move(generator), engine, dropout));
}

Model Model::WithStyle(const StyleOptions& style) const {
  core::StyleChoice choice{.truncation = style.truncation,
                           .cutoff = style.cutoff,
                           .noise = core::StyleNoise::kStored,
                           .seed = style.noise_seed};
  if (style.noise == StyleOptions::Noise::kRandom) choice.noise = core::StyleNoise::kRandom;
  if (style.noise == StyleOptions::Noise::kOff) choice.noise = core::StyleNoise::kOff;
  return Model(state_->With(choice));
}

const ModelInfo& Model::info() const { return state_->info; }
const EngineOptions& Model::engine() const { return state_->options; }
std::string Model::target() const { return state_->engine.backend->target(); }

Plan Model::PlanFor(int64_t width, int64_t height) const {
  return core::PlanOf(*state_->executable, state_->info, width, height);
}

Array Model::Run(const Array& input, const Array& labels, LatentKind kind) const {
  if (state_->model.latent) {
    core::Tensor given = core::TensorFrom(input);
    kind = core::KindOf(state_->model, given, kind, "run");
    if (kind != LatentKind::kZ) {
      if (!labels.shape.empty()) {
        core::Fail(ErrorCode::kUsage, "labels", "styles have their class already: give no labels");
      }
      given = core::StyleRows(state_->model.style->space, given, "run");
      return core::ArrayFrom(core::RunNetwork(*state_, state_->Synthesis(), {given}));
    }
  } else if (kind != LatentKind::kAuto) {
    core::Fail(ErrorCode::kUsage, "latent", "{} makes pictures of pictures, not of latents",
               state_->model.description);
  }
  const std::vector<core::Tensor> inputs = core::InputsFrom(state_->model, input, labels);
  return core::ArrayFrom(core::RunNetwork(*state_, *state_->executable, inputs));
}

Array Model::Styles(const Array& input, const Array& labels) const {
  core::RequireStyles(*state_);
  const std::vector<core::Tensor> inputs = core::InputsFrom(state_->model, input, labels);
  const core::Tensor w = core::RunNetwork(*state_, state_->Mapping(), inputs);
  return core::ArrayFrom(core::TruncatedStyles(state_->model, w));
}

}  // namespace gan
