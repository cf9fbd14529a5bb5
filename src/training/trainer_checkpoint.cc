// How a run is written down and taken up again.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "formats/safetensors.h"
#include "runs/checkpoint_file.h"
#include "training/trainer.h"
#include "training/trainer_pause.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

// Distances fall, the others rise.
bool IsBetter(const std::string& name, double value, double than) {
  return name == "fid" || name == "kid" ? value < than : value > than;
}

}  // namespace

void Trainer::OpenRun() {
  if (!Writes()) return;
  directory_.emplace(options_.resume ? RunDirectory::Open(options_.run)
                                     : RunDirectory::Create(options_.run));
}

// On a resume too, once its checkpoint is read: fields may have been changed.
void Trainer::WriteRecipe() const {
  if (!Writes()) return;
  AtomicFile recipe(directory_->paths().Recipe());
  recipe.Write(RecipeText(recipe_));
  recipe.Commit();
}

void Trainer::OpenLogs() {
  if (!Writes()) return;
  log_.reset();
  log_.emplace(directory_->paths().Metrics(), images_);
  board_.reset();
  board_.emplace(directory_->paths().root, images_);
}

nlohmann::json Trainer::State() const {
  nlohmann::json state;
  state["images"] = images_;
  state["threads"] = options_.threads;
  state["data"] = fmt::format("{:016x}", data_.fingerprint());
  state["guard"] = guard_.Save();
  state["log"] = {{"sums", sums_.ToJson()}, {"steps", summed_}};
  if (best_) state["best"] = {{"value", best_->value}, {"images", best_->images}};
  return state;
}

void Trainer::SaveCheckpoint() {
  const Pause pause(paused_);
  checkpoint_at_ = images_;
  if (!Writes()) return;
  const AdversarialTraining::Saved saved = training_->Save();
  nlohmann::json state = State();
  state["training"] = saved.state;
  // The log's lines up to here must be there when the checkpoint is.
  log_->Sync();
  const RunPaths& paths = directory_->paths();
  WriteRunCheckpoint(paths.Checkpoint(images_), saved.tensors, state.dump());
  SaveGenerator(paths.Generator());
  Retention retention{.keep = recipe_.output.keep, .milestones = recipe_.output.milestones};
  if (best_) retention.best = best_->images;
  directory_->Prune(retention);
  Say("checkpoint", fmt::format("checkpoint at {} images", images_),
      {{"images", images_}, {"path", paths.Checkpoint(images_).string()}});
}

void Trainer::SaveGenerator(const fs::path& path) const {
  nlohmann::json classes = nlohmann::json::array();
  if (recipe_.network.conditional) classes = data_.classes();
  WriteSafetensors(path, training_->Generator(),
                   {{"gan.family", recipe_.network.family},
                    {"gan.size", fmt::format("{}", data_.width())},
                    {"gan.channels", fmt::format("{}", data_.channels())},
                    {"gan.classes", classes.dump()},
                    {"gan.recipe", recipe_.name},
                    {"gan.images", fmt::format("{}", images_)}});
}

void Trainer::KeepBest() {
  const auto figure = std::ranges::find(figures_, recipe_.evaluate.best, &Figure::name);
  if (figure == figures_.end() || !std::isfinite(figure->value)) return;
  if (best_ && !IsBetter(figure->name, figure->value, best_->value)) return;
  best_ = Best{figure->value, images_};
  SaveGenerator(directory_->paths().Best());
}

void Trainer::Adopt(const LoadedCheckpoint& loaded) {
  try {
    const auto state = nlohmann::json::parse(loaded.content.state);
    training_->Restore({loaded.content.tensors, state.at("training")});
    images_ = state.at("images").get<int64_t>();
    sums_ = StepReport::FromJson(state.at("log").at("sums"));
    summed_ = state.at("log").at("steps").get<int64_t>();
    best_.reset();
    if (state.contains("best")) {
      const auto& best = state["best"];
      best_ = Best{best.at("value").get<double>(), best.at("images").get<int64_t>()};
    }
  } catch (const nlohmann::json::exception& error) {
    Fail(ErrorCode::kBadData, "checkpoint", "\"{}\" has a state that is incomplete: {}",
         Printable(loaded.path.string()), Printable(error.what()));
  }
  checkpoint_at_ = images_;
}

void Trainer::Restore() {
  const auto broken = [&](const fs::path& path, const std::string& reason) {
    Say("note", fmt::format("{} is broken ({}): the checkpoint before it is used",
                            Printable(path.string()), reason));
  };
  const auto loaded = LoadNewestCheckpoint({options_.run}, broken);
  if (!loaded) {
    if (!FindCheckpoints({options_.run}).empty()) {
      Fail(ErrorCode::kBadData, "run", "\"{}\" has no checkpoint that is whole",
           Printable(options_.run.string()));
    }
    Say("note", "the run stopped before its first checkpoint: it starts again");
    return;
  }
  Adopt(*loaded);
  // A run that was killed between its checkpoint and its generator has an older one, or none.
  if (Writes()) SaveGenerator(directory_->paths().Generator());
  const auto state = nlohmann::json::parse(loaded->content.state);
  guard_.Restore(state.value("guard", ""));
  if (state.value("data", "") != fmt::format("{:016x}", data_.fingerprint())) {
    Say("note", "the data are not those that the run began with: it goes on with what is there");
  }
  if (state.value("threads", 0) != options_.threads) {
    Say("note", fmt::format("{} threads instead of {}: sums are rounded differently from here on",
                            options_.threads, state.value("threads", 0)));
  }
  Say("start",
      fmt::format("goes on at {} images, from {}", images_,
                  Printable(loaded->path.filename().string())),
      {{"images", images_}});
}

void Trainer::RollBack() {
  const int64_t from = images_;
  if (const auto loaded = LoadNewestCheckpoint({options_.run}, {}, images_)) {
    Adopt(*loaded);
  } else {
    training_ = std::make_unique<AdversarialTraining>(recipe_, PairFor(recipe_, data_), processes_,
                                                      options_.device);
    images_ = 0;
    sums_ = StepReport{};
    summed_ = 0;
  }
  guard_.RolledBack(images_);
  // Another order and other latents than last time, or it would all happen again.
  training_->Change(guard_.rate(), static_cast<uint64_t>(guard_.rollbacks()));
  batches_.Start(images_, training_->salt());
  begun_ = Clock::now();
  begun_at_ = images_;
  paused_ = {};
  OpenLogs();
  Say("guard",
      fmt::format("guard: went back from {} to {} images, learning rates times {:.3g}", from,
                  images_, guard_.rate()),
      {{"from", from}, {"images", images_}, {"rate", guard_.rate()}});
  if (Writes()) log_->Append(images_, {{"rollback_from", from}, {"rate_factor", guard_.rate()}});
}

}  // namespace gan::core
