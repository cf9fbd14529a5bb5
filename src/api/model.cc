#include "gan/model.h"

#include <filesystem>
#include <utility>

#include "api/array_tensor.h"
#include "api/class_names.h"
#include "api/load.h"
#include "api/model_state.h"
#include "api/network_inputs.h"
#include "base/error.h"
#include "kernels/finite.h"
#include "models/style_choice.h"
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

}  // namespace

Model::State::State(core::Model generator, const EngineOptions& engine_options,
                    const DropoutOptions& dropout)
    : options(engine_options),
      engine(engine_options),
      model(std::move(generator)),
      info(core::InfoOf(model)),
      executable(Compiled(*engine.backend, model, dropout)) {}

Model::Model(std::shared_ptr<State> state) : state_(std::move(state)) {}

Model Model::Load(const std::string& name, const EngineOptions& engine, const LoadOptions& options,
                  const DropoutOptions& dropout) {
  if (const std::vector<core::MixtureName> parts = core::MixtureIn(name); !parts.empty()) {
    const auto state = std::make_shared<State>(core::MixtureOf(parts, options), engine, dropout);
    state->name = name;
    return Model(state);
  }
  core::Contents contents = core::ReadContents(name, options);
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
  core::Model chosen = state_->model;
  core::ApplyStyleChoice(choice, chosen);
  const auto state = std::make_shared<State>(std::move(chosen), state_->options);
  state->name = state_->name;
  if (state->info.latent) state->info.latent->class_names = state_->info.latent->class_names;
  return Model(state);
}

const ModelInfo& Model::info() const { return state_->info; }
const EngineOptions& Model::engine() const { return state_->options; }
std::string Model::target() const { return state_->engine.backend->target(); }

Plan Model::PlanFor(int64_t width, int64_t height) const {
  return core::PlanOf(*state_->executable, state_->info, width, height);
}

Array Model::Run(const Array& input, const Array& labels) const {
  const std::vector<core::Tensor> inputs = core::InputsFrom(state_->model, input, labels);
  std::vector<core::Shape> shapes;
  for (const core::Tensor& tensor : inputs) shapes.push_back(tensor.shape());
  const core::Graph& graph = state_->model.graph;
  const core::Bindings bindings = core::BindInputs(graph, shapes);
  const uint64_t need = state_->executable->Memory(bindings).total();
  const uint64_t budget = core::MemoryBudget(state_->options);
  if (need > budget) {
    core::Fail(ErrorCode::kConfiguration, "run",
               "a run on {} takes {} MB and {} MB are allowed: give a smaller input or a larger "
               "--max-memory",
               shapes[0].ToString(), (need >> 20) + 1, budget >> 20);
  }
  const std::vector<core::Tensor> outputs = core::RunOnce(*state_->executable, inputs);
  if (!core::kernels::AllFinite(outputs[0].view(), state_->engine.pool)) {
    core::Fail(ErrorCode::kInternal, "run",
               "the result holds NaN or infinity: the weights are broken, or the input is far "
               "outside the usual range");
  }
  return core::ArrayFrom(outputs[0]);
}

}  // namespace gan
