#include "training/trainer.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "media/picture.h"
#include "runs/recipe_rules.h"
#include "training/sample_grid.h"
#include "training/trainer_pause.h"

namespace gan::core {
namespace {

// Of the latents in the grids: any number that is not a training's seed.
constexpr uint64_t kGridSeed = 0x67616e;

double Seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

DatasetOptions DataOptions(const Recipe& recipe) {
  const Recipe::Data& data = recipe.data;
  DatasetOptions options;
  options.path = data.path;
  options.labels = data.labels;
  options.split = data.split;
  options.fit = data.fit;
  options.size = data.size;
  options.channels = data.channels;
  options.limit = data.limit;
  options.limit_per_class = data.limit_per_class;
  options.seed = static_cast<uint64_t>(recipe.train.seed);
  return options;
}

void CheckData(const Recipe& recipe, const Dataset& data, const Processes& processes) {
  CheckPictureCount(recipe, data.count());
  if (data.height() != data.width()) {
    Fail(ErrorCode::kConfiguration, "data",
         "wants square pictures, got {} x {}: set data.size, and data.fit for how to get there",
         data.width(), data.height());
  }
  if (recipe.network.conditional && data.classes().empty()) FailWithoutLabels(recipe);
  if (recipe.train.batch % (processes.count() * recipe.train.accumulate) != 0) {
    Fail(ErrorCode::kConfiguration, "recipe",
         "train.batch = {} cannot be shared by {} processes with train.accumulate = {}",
         recipe.train.batch, processes.count(), recipe.train.accumulate);
  }
}

StepFigures FiguresOf(const StepReport& step, int64_t images) {
  StepFigures figures;
  figures.images = images;
  figures.finite = step.skipped == 0 && std::isfinite(step.discriminator_loss) &&
                   std::isfinite(step.generator_loss);
  figures.generator_loss = step.generator_loss;
  figures.discriminator_loss = step.discriminator_loss;
  figures.real_accuracy = step.real_right;
  figures.fake_accuracy = step.fake_right;
  figures.generator_gradient = step.generator_gradient;
  return figures;
}

}  // namespace

PairConfig PairFor(const Recipe& recipe, const Dataset& data) {
  const Recipe::Network& network = recipe.network;
  PairConfig config;
  config.family = network.family;
  config.size = data.width();
  config.channels = data.channels();
  config.classes = network.conditional ? static_cast<int64_t>(data.classes().size()) : 0;
  config.latent = network.latent;
  config.generator_width = network.generator_width;
  config.discriminator_width = network.discriminator_width;
  config.attention = network.attention;
  config.dropout = network.dropout;
  config.generator_norm = GeneratorHasBatchNorm(recipe);
  config.discriminator_norm = DiscriminatorHasBatchNorm(recipe);
  return config;
}

Trainer::Trainer(const Options& options, Processes& processes, const TrainerEvents& events)
    : options_(options),
      processes_(processes),
      events_(events),
      data_(Dataset::Open(DataOptions(options.recipe), {}, events.cancel)),
      intervals_(options.recipe),
      batches_(data_, recipe_, processes_, options.device),
      guard_(recipe_) {
  CheckData(recipe_, data_, processes_);
  at::set_num_threads(options_.threads);
  training_ = std::make_unique<AdversarialTraining>(recipe_, PairFor(recipe_, data_), processes_,
                                                    options_.device);
  OpenRun();
  Say("data",
      fmt::format("{}: {} pictures of {} x {}, {} channels, {} classes",
                  Printable(recipe_.data.path), data_.count(), data_.width(), data_.height(),
                  data_.channels(), data_.classes().size()),
      {{"pictures", data_.count()},
       {"width", data_.width()},
       {"channels", data_.channels()},
       {"classes", data_.classes()}});
  for (const std::string& note : data_.notes()) Say("note", note);
  if (!data_.unreadable().empty()) {
    const Unreadable& first = data_.unreadable().front();
    Say("note",
        fmt::format(
            "{} cannot be read and {} left out; the first: {}",
            data_.unreadable().size() == 1 ? "1 picture"
                                           : fmt::format("{} pictures", data_.unreadable().size()),
            data_.unreadable().size() == 1 ? "is" : "are",
            // A reason that begins with "[where]" says it all.
            first.reason.starts_with('[') ? first.reason : first.name + ": " + first.reason),
        {{"unreadable", data_.unreadable().size()}});
  }
  if (options.resume) Restore();
  WriteRecipe();
  OpenLogs();
  if (recipe_.evaluate.every > 0 && Writes()) {
    evaluation_ = std::make_unique<RunEvaluation>(recipe_, data_, options_.threads);
  }
}

Trainer::~Trainer() = default;

void Trainer::Say(const std::string& kind, const std::string& text, nlohmann::json what) const {
  if (!Writes()) return;
  if (what.is_null()) what = nlohmann::json::object();
  if (events_.message) events_.message(kind, text, what);
}

void Trainer::Tell(const StepReport& mean) {
  if (!events_.progress || !Writes()) return;
  TrainerProgress progress;
  progress.images = images_;
  progress.total = recipe_.train.images;
  const double seconds = Seconds(Clock::now() - begun_ - paused_);
  if (seconds > 0) {
    progress.images_per_second = static_cast<double>(images_ - begun_at_) / seconds;
  }
  progress.step = mean;
  progress.guard = guard_.Word();
  events_.progress(progress);
}

void Trainer::Log(int64_t before) {
  const StepReport mean = sums_.Mean(summed_);
  Tell(mean);
  if (!Intervals::Crossed(intervals_.log, before, images_)) return;
  sums_ = StepReport{};
  summed_ = 0;
  if (!Writes()) return;
  const nlohmann::ordered_json figures = mean.ToJson();
  log_->Append(images_, figures);
  std::vector<EventFile::Scalar> scalars;
  for (const auto& [name, value] : figures.items()) {
    scalars.push_back({name, value.is_number() ? value.get<double>() : std::nan("")});
  }
  board_->AddScalars(images_, scalars);
}

void Trainer::SaveGrid() {
  const Pause pause(paused_);
  const int64_t classes =
      recipe_.network.conditional ? static_cast<int64_t>(data_.classes().size()) : 0;
  const Tensor sheet = SampleGrid(*training_, kGridSeed, classes, recipe_.output.grid);
  const std::filesystem::path path = directory_->paths().Sheet(images_);
  WritePicture(path, sheet, {.provenance = Provenance::kSampled});
  const InputFile png(path);
  board_->AddPicture(images_, "samples", sheet.shape()[1], sheet.shape()[2],
                     static_cast<int>(sheet.shape()[0]),
                     png.ReadAt(0, static_cast<size_t>(png.size())));
}

void Trainer::Evaluate() {
  const Pause pause(paused_);
  evaluated_at_ = images_;
  figures_ = evaluation_->Evaluate(*training_);
  nlohmann::ordered_json values, protocols;
  std::string text;
  std::vector<std::string> tags;
  std::vector<EventFile::Scalar> scalars;
  tags.reserve(figures_.size());
  for (const Figure& figure : figures_) {
    values[figure.name] = figure.value;
    protocols[figure.name] = figure.protocol;
    text += fmt::format("\n  {} {:.4g}  ({})", figure.name, figure.value, figure.protocol);
    tags.push_back("metrics/" + figure.name);
    scalars.push_back({tags.back(), figure.value});
  }
  log_->Append(images_, {{"evaluation", values}, {"protocol", protocols}});
  board_->AddScalars(images_, scalars);
  Say("evaluation", fmt::format("at {} images:{}", images_, text),
      {{"images", images_}, {"figures", values}, {"protocol", protocols}});
  KeepBest();
}

bool Trainer::Heed(const std::vector<Finding>& findings) {
  GuardAction action = GuardAction::kNone;
  for (const Finding& finding : findings) {
    action = std::max(action, finding.action);
    if (finding.text.empty()) continue;
    Say("guard", "guard: " + finding.text, {{"images", images_}, {"since", finding.since}});
    if (Writes()) log_->Append(images_, {{"guard", finding.text}});
  }
  if (!processes_.alone()) {
    // Only the first process evaluates; what it decides, all do.
    action = static_cast<GuardAction>(
        std::stoi(processes_.Broadcast(std::to_string(static_cast<int>(action)))));
  }
  if (action == GuardAction::kStop) stopped_by_guard_ = true;
  if (action == GuardAction::kRollBack) RollBack();
  return action != GuardAction::kStop;
}

bool Trainer::Advance() {
  const int64_t before = images_;
  const StepReport step = training_->Step(batches_.Next(), images_);
  images_ += recipe_.train.batch * recipe_.train.discriminator_steps;
  sums_.Add(step);
  ++summed_;
  Log(before);
  std::vector<Finding> findings = guard_.Observe(FiguresOf(step, images_));
  if (Intervals::Crossed(intervals_.evaluate, before, images_) && evaluation_) {
    Evaluate();
    EvaluationFigures health = evaluation_->health();
    health.images = images_;
    for (Finding& finding : guard_.Observe(health)) findings.push_back(std::move(finding));
  }
  const int64_t reached = images_;
  if (!Heed(findings)) return false;
  // After a rollback the run is elsewhere, and what was due belongs to what is gone.
  if (images_ != reached) return true;
  if (Writes() && Intervals::Crossed(intervals_.grid, before, images_)) SaveGrid();
  if (Intervals::Crossed(intervals_.checkpoint, before, images_)) SaveCheckpoint();
  return true;
}

TrainerResult Trainer::Run() {
  begun_ = Clock::now();
  begun_at_ = images_;
  batches_.Start(images_, training_->salt());
  const auto cancelled = [&] {
    return processes_.Any(events_.cancel != nullptr && events_.cancel->cancelled());
  };
  bool going = true;
  while (going && images_ < recipe_.train.images && !cancelled()) going = Advance();
  TrainerResult result;
  result.stopped_by_guard = stopped_by_guard_;
  result.finished = going && images_ >= recipe_.train.images;
  if (result.finished && evaluation_ && evaluated_at_ != images_) Evaluate();
  if (!stopped_by_guard_ && checkpoint_at_ != images_) SaveCheckpoint();
  if (result.finished && Writes()) SaveGrid();
  result.images = images_;
  result.figures = figures_;
  return result;
}

}  // namespace gan::core
