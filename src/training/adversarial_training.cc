#include "training/adversarial_training.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "graph/buffers.h"
#include "models/initialise.h"
#include "training/regularisers/gradient_penalty.h"
#include "training/regularisers/slope_penalty.h"
#include "training/schedule.h"

namespace gan::core {
namespace {

using Purpose = StepRandom::Purpose;

InitStyle StyleNamed(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, InitStyle>, 6> kStyles = {
      {{"family", InitStyle::kFamily},
       {"normal", InitStyle::kNormal002},
       {"xavier", InitStyle::kXavier},
       {"he", InitStyle::kHe},
       {"orthogonal", InitStyle::kOrthogonal},
       {"fixup", InitStyle::kFixup}}};
  const auto found =
      std::ranges::find(kStyles, name, &std::pair<std::string_view, InitStyle>::first);
  if (found == kStyles.end()) {
    Fail(ErrorCode::kConfiguration, "network", "knows no init \"{}\"", Printable(name));
  }
  return found->second;
}

TrainedNetwork MakeNetwork(const Graph& graph, const Recipe& recipe, bool spectral_norm,
                           uint64_t seed, at::Device device) {
  return {graph,
          InitialParameters(graph, recipe.network.family, StyleNamed(recipe.network.init), seed),
          {.spectral_norm = spectral_norm, .seed = seed, .device = device}};
}

bool HasDropout(const Graph& graph) {
  return std::ranges::any_of(
      graph.nodes, [](const Node& node) { return std::holds_alternative<Dropout>(node.op); });
}

at::Tensor Joined(const at::Tensor& a, const at::Tensor& b) {
  return a.defined() ? at::cat({a, b}) : at::Tensor();
}

TrainingBatch PartOf(const TrainingBatch& batch, int64_t first, int64_t count) {
  return {batch.pictures.narrow(0, first, count),
          batch.labels.defined() ? batch.labels.narrow(0, first, count) : at::Tensor()};
}

bool Due(double weight, int64_t every, uint64_t step) {
  return weight != 0 && step % static_cast<uint64_t>(every) == 0;
}

double Mean(const at::Tensor& x) { return x.mean().item<double>(); }

double ShareAbove(const at::Tensor& x) { return x.gt(0).to(at::kFloat).mean().item<double>(); }

}  // namespace

AdversarialTraining::AdversarialTraining(const Recipe& recipe, const PairConfig& config,
                                         Processes& processes, at::Device device)
    : AdversarialTraining(recipe, config, BuildPair(config), processes, device) {}

AdversarialTraining::AdversarialTraining(const Recipe& recipe, const PairConfig& config,
                                         const Pair& pair, Processes& processes, at::Device device)
    : recipe_(recipe),
      processes_(processes),
      device_(device),
      latent_(config.latent),
      joint_(BufferNames(pair.discriminator).empty()),
      has_dropout_(HasDropout(pair.discriminator) || HasDropout(pair.generator)),
      loss_(recipe.loss.adversarial, recipe.loss.relativistic),
      generator_(MakeNetwork(pair.generator, recipe, recipe.network.generator_spectral_norm,
                             static_cast<uint64_t>(recipe.train.seed) * 2, device)),
      discriminator_(MakeNetwork(pair.discriminator, recipe, recipe.network.spectral_norm,
                                 static_cast<uint64_t>(recipe.train.seed) * 2 + 1, device)),
      generator_optimiser_(recipe.generator, generator_.parameters().values()),
      discriminator_optimiser_(recipe.discriminator, discriminator_.parameters().values()),
      average_(generator_.parameters().values().clone()),
      generator_gradient_(generator_.parameters().NewBlock()),
      discriminator_gradient_(discriminator_.parameters().NewBlock()),
      ada_controller_(recipe.augment.ada_target, recipe.augment.ada_images),
      generator_scale_(recipe.train.precision),
      discriminator_scale_(recipe.train.precision) {
  if (recipe.regularisers.lecam != 0) {
    lecam_.emplace(recipe.regularisers.lecam, recipe.regularisers.lecam_decay);
  }
  if (recipe.augment.policy == "diffaugment") diff_augment_.emplace(recipe.augment.operations);
  if (recipe.augment.policy == "ada") ada_.emplace(recipe.augment.operations);
}

StepRandom AdversarialTraining::RandomFor(Purpose purpose, uint64_t part,
                                          const BatchSlice& slice) const {
  return {Seed(), purpose, steps_ * kPartsPerStep + part, slice, device_};
}

BatchSlice AdversarialTraining::SliceOf(int64_t rows) const {
  const int64_t all = rows * processes_.count();
  return {.first = rows * processes_.rank(), .count = rows, .global = all};
}

torch_backend::RunOptions AdversarialTraining::OptionsFor(uint64_t dropout_seed) const {
  torch_backend::RunOptions options;
  options.training = true;
  if (has_dropout_) {
    at::Generator generator = at::globalContext().defaultGenerator(device_).clone();
    generator.set_current_seed(dropout_seed);
    options.generator = generator;
  }
  if (!processes_.alone()) {
    options.processes = processes_.count();
    options.sum_over_processes = [this](const at::Tensor& x) { return processes_.Sum(x); };
  }
  return options;
}

at::Tensor AdversarialTraining::RunGenerator(const at::Tensor& z, const at::Tensor& labels,
                                             uint64_t dropout_seed) const {
  const Graph& graph = generator_.graph();
  std::vector<at::Tensor> inputs = {z};
  if (graph.value(graph.inputs[0]).shape.size() == 4) inputs[0] = z.reshape({z.size(0), -1, 1, 1});
  if (graph.inputs.size() > 1) inputs.push_back(labels);
  return generator_.Run(inputs, OptionsFor(dropout_seed)).to(at::kFloat);
}

at::Tensor AdversarialTraining::RunDiscriminator(const at::Tensor& pictures,
                                                 const at::Tensor& labels,
                                                 uint64_t dropout_seed) const {
  std::vector<at::Tensor> inputs = {pictures};
  if (discriminator_.graph().inputs.size() > 1) inputs.push_back(labels);
  return discriminator_.Run(inputs, OptionsFor(dropout_seed)).to(at::kFloat);
}

at::Tensor AdversarialTraining::Augment(const at::Tensor& pictures, Draw draw,
                                        const BatchSlice& slice, uint64_t part) const {
  if (!diff_augment_ && !ada_) return pictures;
  StepRandom random = RandomFor(Purpose::kAugment, part * kDraws + draw, slice);
  if (diff_augment_) return diff_augment_->Apply(pictures, random);
  const double chosen =
      recipe_.augment.ada_target > 0 ? ada_controller_.probability() : recipe_.augment.probability;
  return ada_->Apply(pictures, chosen, random);
}

at::Tensor AdversarialTraining::Make(const TrainingBatch& part, const BatchSlice& slice,
                                     uint64_t index) {
  StepRandom random = RandomFor(Purpose::kLatent, index, slice);
  const Autocast autocast(recipe_.train.precision, device_);
  return RunGenerator(random.Normal(latent_), part.labels, random.seed());
}

at::Tensor AdversarialTraining::Penalties(const TrainingBatch& part, const BatchSlice& slice,
                                          uint64_t index, const at::Tensor& real,
                                          const at::Tensor& fake) {
  const Recipe::Regularisers& wanted = recipe_.regularisers;
  if (!Due(wanted.gradient_penalty, wanted.gradient_penalty_every, steps_)) return {};
  StepRandom random = RandomFor(Purpose::kPenalty, index, slice);
  const auto discriminator = [&](const at::Tensor& x) {
    return RunDiscriminator(x, part.labels, random.seed());
  };
  const double weight =
      wanted.gradient_penalty * static_cast<double>(wanted.gradient_penalty_every);
  return weight * GradientPenalty(discriminator, real, fake, random.Uniform(1).flatten(),
                                  wanted.gradient_penalty_centre);
}

at::Tensor AdversarialTraining::DiscriminatorLoss(const TrainingBatch& part,
                                                  const BatchSlice& slice, uint64_t index,
                                                  const at::Tensor& made, StepReport& report) {
  const Recipe::Regularisers& wanted = recipe_.regularisers;
  const int64_t rows = part.pictures.size(0);
  const bool r1 = Due(wanted.r1, wanted.r1_every, steps_);
  const bool r2 = Due(wanted.r2, wanted.r2_every, steps_);
  const at::Tensor real = Augment(part.pictures, kDiscriminatorReal, slice, index).detach();
  const at::Tensor fake = Augment(made, kDiscriminatorFake, slice, index).detach();
  const uint64_t dropout = RandomFor(Purpose::kDropout, index, slice).seed();
  const Autocast autocast(recipe_.train.precision, device_);
  at::Tensor logits, pictures;
  if (joint_) {
    pictures = at::cat({real, fake});
    pictures.set_requires_grad(r1 || r2);
    logits = RunDiscriminator(pictures, Joined(part.labels, part.labels), dropout);
  } else {
    // Batch statistics must not see both kinds at once.
    logits = at::cat({RunDiscriminator(real, part.labels, dropout),
                      RunDiscriminator(fake, part.labels, dropout + 1)});
  }
  const at::Tensor real_logits = logits.narrow(0, 0, rows);
  const at::Tensor fake_logits = logits.narrow(0, rows, rows);
  at::Tensor loss = loss_.Discriminator(real_logits, fake_logits);
  const double share = 1.0 / static_cast<double>(recipe_.train.accumulate);
  {
    const at::NoGradGuard no_gradients;
    report.discriminator_loss += share * loss.item<double>();
    report.real_logit += share * Mean(real_logits);
    report.fake_logit += share * Mean(fake_logits);
    const at::Tensor order = real_logits - fake_logits;
    report.real_right += share * ShareAbove(loss_.judges() ? real_logits : order);
    report.fake_right += share * ShareAbove(loss_.judges() ? -fake_logits : order);
    report.real_sign += share * Mean(real_logits.sign());
  }
  at::Tensor penalty;
  const auto add = [&](const at::Tensor& term) {
    if (term.defined()) penalty = penalty.defined() ? penalty + term : term;
  };
  if (r1 || r2) {
    add(SlopePenalty(logits, pictures, rows,
                     r1 ? wanted.r1 * static_cast<double>(wanted.r1_every) : 0,
                     r2 ? wanted.r2 * static_cast<double>(wanted.r2_every) : 0));
  }
  add(Penalties(part, slice, index, real, fake));
  if (lecam_) add(lecam_->Penalty(real_logits, fake_logits));
  if (!penalty.defined()) return loss;
  report.penalty += share * penalty.item<double>();
  return loss + penalty;
}

bool AdversarialTraining::Update(TrainedNetwork& network, Optimiser& optimiser, LossScale& scale,
                                 const at::Tensor& gradient, double rate, double& length) {
  at::Tensor block = gradient;
  if (!processes_.alone()) processes_.Average(block);
  if (scale.scale() != 1) block.mul_(1 / scale.scale());
  length = block.norm().item<double>();
  const bool finite = std::isfinite(length);
  scale.Update(finite);
  if (!finite) return false;
  const double limit = recipe_.train.clip_gradient;
  if (limit > 0 && length > limit) block.mul_(limit / length);
  optimiser.Step(network.parameters().values(), block, rate);
  return true;
}

// The gradients of `loss` by the network's parameters, added to what stands in `block`.
void AdversarialTraining::Collect(const at::Tensor& loss, TrainedNetwork& network,
                                  const LossScale& scale, bool first, const at::Tensor& block) {
  const double factor = scale.scale() / static_cast<double>(recipe_.train.accumulate);
  const std::vector<at::Tensor> gradients =
      torch::autograd::grad({factor == 1 ? loss : loss * factor}, network.parameters().leaves(), {},
                            /*retain_graph=*/false, /*create_graph=*/false, /*allow_unused=*/true);
  const at::NoGradGuard no_gradients;
  if (first) {
    network.parameters().Gather(gradients, block);
    return;
  }
  const at::Tensor more = network.parameters().NewBlock();
  network.parameters().Gather(gradients, more);
  at::Tensor sum = block;
  sum.add_(more);
}

void AdversarialTraining::StepDiscriminator(const TrainingBatch& batch, bool share,
                                            StepReport& report) {
  const int64_t parts = recipe_.train.accumulate;
  const int64_t rows = batch.pictures.size(0) / parts;
  const BatchSlice slice = SliceOf(rows);
  generator_.Prepare(/*trained=*/share, /*iterate=*/share);
  discriminator_.Prepare(/*trained=*/true, /*iterate=*/true);
  for (int64_t i = 0; i < parts; ++i) {
    const TrainingBatch part = PartOf(batch, i * rows, rows);
    at::Tensor made;
    {
      const at::AutoGradMode gradients(share);
      made = Make(part, slice, static_cast<uint64_t>(i));
    }
    if (share) shared_ = made;
    // The average weights of spectral norms were used up by the first part's gradient.
    if (i > 0) discriminator_.Prepare(/*trained=*/true, /*iterate=*/false);
    const at::Tensor loss =
        DiscriminatorLoss(part, slice, static_cast<uint64_t>(i), made.detach(), report);
    Collect(loss, discriminator_, discriminator_scale_, i == 0, discriminator_gradient_);
  }
  const bool done =
      Update(discriminator_, discriminator_optimiser_, discriminator_scale_,
             discriminator_gradient_, report.rate * rate_factor_, report.discriminator_gradient);
  if (!done) ++report.skipped;
}

void AdversarialTraining::StepGenerator(const TrainingBatch& batch, StepReport& report) {
  const int64_t parts = recipe_.train.accumulate;
  const int64_t rows = batch.pictures.size(0) / parts;
  const BatchSlice slice = SliceOf(rows);
  discriminator_.Prepare(/*trained=*/false, /*iterate=*/false);
  for (int64_t i = 0; i < parts; ++i) {
    const auto index = static_cast<uint64_t>(i);
    const TrainingBatch part = PartOf(batch, i * rows, rows);
    at::Tensor made = shared_;
    if (!made.defined()) {
      generator_.Prepare(/*trained=*/true, /*iterate=*/i == 0);
      made = Make(part, slice, index + static_cast<uint64_t>(parts));
    }
    const uint64_t dropout = RandomFor(Purpose::kDropout, index, slice).seed() + 2;
    const Autocast autocast(recipe_.train.precision, device_);
    at::Tensor real_logits;
    if (loss_.pairs()) {
      const at::NoGradGuard no_gradients;
      real_logits = RunDiscriminator(Augment(part.pictures, kGeneratorReal, slice, index),
                                     part.labels, dropout);
    }
    const at::Tensor fake_logits =
        RunDiscriminator(Augment(made, kGeneratorFake, slice, index), part.labels, dropout);
    const at::Tensor loss = loss_.Generator(real_logits, fake_logits);
    report.generator_loss += loss.item<double>() / static_cast<double>(parts);
    Collect(loss, generator_, generator_scale_, i == 0, generator_gradient_);
  }
  shared_ = at::Tensor();
  const bool done = Update(generator_, generator_optimiser_, generator_scale_, generator_gradient_,
                           report.rate * rate_factor_, report.generator_gradient);
  if (!done) ++report.skipped;
}

void AdversarialTraining::UpdateAverage(int64_t images, int64_t seen) {
  const at::NoGradGuard no_gradients;
  const Recipe::Ema& wanted = recipe_.ema;
  const at::Tensor& values = generator_.parameters().values();
  double half_life = static_cast<double>(wanted.half_life);
  if (wanted.ramp_up > 0) {
    half_life = std::min(half_life, static_cast<double>(seen) * wanted.ramp_up);
  }
  if (half_life < 1) {
    average_.copy_(values);
    return;
  }
  average_.lerp_(values, 1 - std::exp2(-static_cast<double>(images) / half_life));
}

void AdversarialTraining::Reduce(StepReport& report) {
  if (processes_.alone()) return;
  const std::array fields = {&report.discriminator_loss, &report.generator_loss, &report.penalty,
                             &report.real_logit,         &report.fake_logit,     &report.real_right,
                             &report.fake_right,         &report.real_sign};
  at::Tensor all = at::empty({static_cast<int64_t>(fields.size())}, at::kDouble);
  for (size_t i = 0; i < fields.size(); ++i) all.data_ptr<double>()[i] = *fields[i];
  processes_.Average(all);
  for (size_t i = 0; i < fields.size(); ++i) *fields[i] = all.data_ptr<double>()[i];
}

StepReport AdversarialTraining::Step(std::span<const TrainingBatch> batches, int64_t images) {
  GAN_ASSERT(!batches.empty());
  const int64_t rows = batches[0].pictures.size(0) * processes_.count();
  StepReport report;
  report.rate = ScheduledRate(recipe_.schedule, images, recipe_.train.images);
  report.augmentation = ada_ ? ada_controller_.probability() : 0;
  for (size_t i = 0; i < batches.size(); ++i) {
    // The last pictures made for the discriminator serve the generator's step too.
    const bool share = i + 1 == batches.size() && recipe_.train.accumulate == 1;
    if (i > 0) {
      const StepReport so_far = report;
      report = StepReport{
          .augmentation = so_far.augmentation, .rate = so_far.rate, .skipped = so_far.skipped};
    }
    StepDiscriminator(batches[i], share, report);
    ++steps_;
    Reduce(report);
    // What is not finite would stay in a moving average for ever.
    const bool finite = std::isfinite(report.real_logit) && std::isfinite(report.fake_logit);
    if (lecam_ && finite) lecam_->Update(report.real_logit, report.fake_logit);
    if (ada_ && finite) ada_controller_.Observe(report.real_sign, rows);
  }
  StepGenerator(batches.back(), report);
  if (!processes_.alone()) {
    at::Tensor loss = at::full({1}, report.generator_loss, at::kDouble);
    processes_.Average(loss);
    report.generator_loss = loss.item<double>();
  }
  const int64_t seen = images + rows * static_cast<int64_t>(batches.size());
  UpdateAverage(seen - images, seen);
  return report;
}

at::Tensor AdversarialTraining::Sample(const at::Tensor& z, const at::Tensor& labels) {
  const at::NoGradGuard no_gradients;
  torch_backend::ParameterTensors weights;
  for (const auto& [name, tensor] : Generator()) weights[name] = ToAten(tensor, device_);
  const Graph& graph = generator_.graph();
  std::vector<at::Tensor> inputs = {z.to(device_)};
  if (graph.value(graph.inputs[0]).shape.size() == 4) {
    inputs[0] = inputs[0].reshape({z.size(0), -1, 1, 1});
  }
  if (graph.inputs.size() > 1) inputs.push_back(labels.to(device_));
  return torch_backend::RunGraph(graph, weights, inputs).at(0);
}

void AdversarialTraining::Change(double rate_factor, uint64_t salt) {
  rate_factor_ = rate_factor;
  salt_ = salt;
}

}  // namespace gan::core
