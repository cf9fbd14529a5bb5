#include "runs/guard.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "runs/number_text.h"

namespace gan::core {
namespace {

using Json = nlohmann::ordered_json;

// Horizons as shares of guard.window: what is now, and what is usual.
constexpr double kNow = 0.2;
constexpr double kUsual = 20;
// An episode ends well below where it begins, so that it does not flicker.
constexpr double kAccuracySlack = 0.02;
constexpr double kRecovered = 1.2;
// What has become so many times worse is said again.
constexpr double kWorse = 2;
// A loss has moved when it is this far, as a share, from where it was.
constexpr double kMoved = 0.02;
constexpr double kSmallestNorm = 1e-30;
// No loss here means anything that large, and no generator learns from a gradient that small.
constexpr double kLargestLoss = 1e5;
constexpr double kDeadNorm = 1e-12;
constexpr double kLargestShare = 1e15;  // finite, to be saved

bool Known(const std::optional<double>& value) { return value && std::isfinite(*value); }

}  // namespace

void Guard::Mean::Add(double value, double images, double horizon) {
  const double keep = std::exp(-images / horizon);
  sum = keep * sum + (1 - keep) * value;
  weight = keep * weight + (1 - keep);
}

Guard::Guard(const Recipe& recipe) : options_(recipe.guard), recipe_(recipe) {}

double Guard::rate() const {
  return std::pow(options_.lower_rate, static_cast<double>(rollbacks_));
}

std::string_view Guard::Word() const {
  static constexpr std::pair<FindingKind, std::string_view> kWords[] = {
      {FindingKind::kNonFinite, "not finite"},
      {FindingKind::kDiverged, "diverged"},
      {FindingKind::kVarietyLost, "variety lost"},
      {FindingKind::kExploding, "exploding"},
      {FindingKind::kDiscriminatorWon, "D has won"},
      {FindingKind::kMemorising, "copies"},
      {FindingKind::kStuck, "stuck"},
  };
  for (const auto& [kind, word] : kWords) {
    if (At(kind).spoken > 0) return word;
  }
  return "ok";
}

GuardAction Guard::ActionFor(FindingKind kind, Severity severity) const {
  if (severity == Severity::kNote || options_.action == "warn") return GuardAction::kNone;
  if (options_.action == "stop") return GuardAction::kStop;
  // Going back cures what began suddenly, not what an earlier checkpoint has as well.
  const bool cured = kind == FindingKind::kDiscriminatorWon || kind == FindingKind::kExploding ||
                     kind == FindingKind::kVarietyLost || kind == FindingKind::kDiverged;
  if (!cured || severity != Severity::kSevere) return GuardAction::kNone;
  return rollbacks_ < options_.rollbacks ? GuardAction::kRollBack : GuardAction::kStop;
}

void Guard::Say(FindingKind kind, Severity severity, std::string text, std::vector<Finding>& out) {
  Episode& episode = At(kind);
  episode.spoken = static_cast<int64_t>(severity) + 1;
  out.push_back({kind, severity, ActionFor(kind, severity), episode.since, std::move(text)});
}

void Guard::End(FindingKind kind, std::string_view text, std::vector<Finding>& out) {
  const Episode episode = std::exchange(At(kind), Episode{});
  if (episode.spoken == 0) return;
  out.push_back({kind, Severity::kNote, GuardAction::kNone, episode.since,
                 fmt::format("{}; it went on from image {} to {}", text,
                             ThousandsText(episode.since), ThousandsText(images_))});
}

std::vector<Finding> Guard::Observe(const StepFigures& step) {
  std::vector<Finding> out;
  if (!step.finite) {
    images_ = std::max(images_, step.images);
    ObserveNonFinite(step, out);
    return out;
  }
  in_a_row_ = 0;
  UpdateMeans(step);
  if (At(FindingKind::kNonFinite).since >= 0 && images_ - last_skip_ >= options_.window) {
    End(FindingKind::kNonFinite,
        fmt::format("steps are finite again, {} were skipped in all", ThousandsText(skipped_)),
        out);
  }
  CheckWon(out);
  CheckExploding(out);
  CheckStuck(out);
  CheckDiverged(out);
  return out;
}

void Guard::ObserveNonFinite(const StepFigures& step, std::vector<Finding>& out) {
  ++skipped_;
  ++in_a_row_;
  last_skip_ = step.images;
  Episode& episode = At(FindingKind::kNonFinite);
  if (episode.since < 0) episode.since = step.images;
  Finding finding{FindingKind::kNonFinite, Severity::kWarning, GuardAction::kSkipStep,
                  episode.since, ""};
  if (in_a_row_ >= options_.non_finite_steps) {
    const bool again = options_.action != "stop" && rollbacks_ < options_.rollbacks;
    finding.severity = Severity::kSevere;
    finding.action = again ? GuardAction::kRollBack : GuardAction::kStop;
    finding.text = fmt::format(
        "{} steps in a row were not finite, since image {}: {}", in_a_row_,
        ThousandsText(episode.since),
        again ? fmt::format("going back to the last good checkpoint, with {} of the learning rates",
                            PercentText(rate() * options_.lower_rate))
              : fmt::format("giving up after {} rollbacks; look for pictures that are not finite, "
                            "lower generator.learning_rate and discriminator.learning_rate, or set "
                            "train.clip_gradient",
                            rollbacks_));
    in_a_row_ = 0;
  } else if (episode.spoken == 0) {
    finding.text = fmt::format(
        "losses or gradients at image {} are not finite: the step is skipped; if it comes again, "
        "lower generator.learning_rate and discriminator.learning_rate, or set train.clip_gradient",
        ThousandsText(step.images));
  }
  episode.spoken = std::max<int64_t>(episode.spoken, static_cast<int64_t>(finding.severity) + 1);
  out.push_back(std::move(finding));
}

void Guard::UpdateMeans(const StepFigures& step) {
  const double images = static_cast<double>(std::max<int64_t>(step.images - images_, 0));
  const double window = static_cast<double>(options_.window);
  images_ = std::max(images_, step.images);
  if (Known(step.real_accuracy) && Known(step.fake_accuracy)) {
    accuracy_.Add((*step.real_accuracy + *step.fake_accuracy) / 2, images, kNow * window);
  }
  if (Known(step.generator_gradient)) {
    const double norm = std::log(std::max(std::abs(*step.generator_gradient), kSmallestNorm));
    gradient_.Add(norm, images, kNow * window);
    usual_gradient_.Add(norm, images, kUsual * window);
  }
  if (Known(step.generator_loss)) generator_loss_.Add(*step.generator_loss, images, kNow * window);
  if (Known(step.discriminator_loss)) {
    discriminator_loss_.Add(*step.discriminator_loss, images, kNow * window);
  }
}

double Guard::GradientShare() const {
  if (usual_gradient_.weight == 0) return 1;
  return std::min(std::exp(gradient_.value() - usual_gradient_.value()), kLargestShare);
}

// What would weaken it, of what the recipe does not have yet.
std::string Guard::AgainstTheDiscriminator() const {
  std::string out = fmt::format("a discriminator.learning_rate below {}",
                                recipe_.discriminator.learning_rate * rate());
  const Recipe::Regularisers& regularisers = recipe_.regularisers;
  if (regularisers.r1 == 0 && regularisers.gradient_penalty == 0) out += ", regularisers.r1";
  if (recipe_.augment.policy == "none") {
    const bool ada = !recipe_.loss.relativistic && recipe_.loss.adversarial != "wasserstein";
    out += fmt::format(" or augment.policy = \"{}\"", ada ? "ada" : "diffaugment");
  }
  return out;
}

void Guard::CheckWon(std::vector<Finding>& out) {
  // At first it wins against noise; that passes.
  if (accuracy_.weight == 0 || images_ - begun_ < options_.window) return;
  const double accuracy = accuracy_.value();
  Episode& episode = At(FindingKind::kDiscriminatorWon);
  if (accuracy < options_.winning_accuracy) {
    if (episode.since >= 0 && accuracy < options_.winning_accuracy - kAccuracySlack) {
      End(FindingKind::kDiscriminatorWon,
          fmt::format(
              "the discriminator is right {} of the time again: the generator has caught up",
              PercentText(accuracy)),
          out);
    } else if (episode.spoken == 0) {
      episode.since = -1;
    }
    return;
  }
  if (episode.since < 0) episode.since = images_;
  if (images_ - episode.since < options_.window) return;
  const double share = GradientShare();
  const bool vanished = share < options_.vanishing_gradient;
  // A critic is meant to be right: only that the generator learns nothing from it is wrong.
  if (!vanished && recipe_.loss.adversarial == "wasserstein") return;
  const Severity severity = vanished ? Severity::kSevere : Severity::kWarning;
  if (static_cast<int64_t>(severity) < episode.spoken) return;
  Say(FindingKind::kDiscriminatorWon, severity,
      fmt::format("the discriminator is right {} of the time since image {}: the generator {}; try "
                  "{}",
                  PercentText(accuracy), ThousandsText(episode.since),
                  vanished ? fmt::format("gets no signal, its gradient is {} of its usual one",
                                         PercentText(share))
                           : "can hardly learn from it",
                  AgainstTheDiscriminator()),
      out);
}

void Guard::CheckExploding(std::vector<Finding>& out) {
  if (usual_gradient_.weight == 0 || images_ - begun_ < options_.window) return;
  const double share = GradientShare();
  Episode& episode = At(FindingKind::kExploding);
  if (share < options_.exploding_gradient) {
    if (share < std::sqrt(options_.exploding_gradient) && episode.since >= 0) {
      End(FindingKind::kExploding, "the generator's gradient is near its usual one again", out);
    }
    return;
  }
  if (episode.since < 0) episode.since = images_;
  if (episode.spoken > 0 && share < kWorse * options_.exploding_gradient * episode.measure) return;
  episode.measure = share;
  Say(FindingKind::kExploding, Severity::kSevere,
      fmt::format("the generator's gradient is {} times its usual one since image {}: it is about "
                  "to fall apart; try a generator.learning_rate below {} or train.clip_gradient = "
                  "{:.2g}",
                  ThousandsText(std::llround(share)), ThousandsText(episode.since),
                  recipe_.generator.learning_rate * rate(),
                  kWorse * std::exp(usual_gradient_.value())),
      out);
}

void Guard::CheckStuck(std::vector<Finding>& out) {
  if (options_.stuck == 0 || generator_loss_.weight == 0 || discriminator_loss_.weight == 0) return;
  const double generator = generator_loss_.value(), discriminator = discriminator_loss_.value();
  const auto moved = [](double now, double before) {
    return std::abs(now - before) > kMoved * std::max(std::abs(before), 1e-3);
  };
  if (stuck_since_ < 0 || moved(generator, stuck_generator_) ||
      moved(discriminator, stuck_discriminator_)) {
    stuck_generator_ = generator;
    stuck_discriminator_ = discriminator;
    stuck_since_ = images_;
    End(FindingKind::kStuck, "the losses move again", out);
    return;
  }
  Episode& episode = At(FindingKind::kStuck);
  if (images_ - stuck_since_ < options_.stuck || episode.spoken > 0) return;
  episode.since = stuck_since_;
  Say(FindingKind::kStuck, Severity::kWarning,
      fmt::format("the losses have not moved since image {} (generator {:.3g}, discriminator "
                  "{:.3g}): nothing is being learnt; look at the last sheet of samples, and if it "
                  "stands still too, begin again with other rates or another loss.adversarial",
                  ThousandsText(stuck_since_), generator, discriminator),
      out);
}

void Guard::CheckDiverged(std::vector<Finding>& out) {
  if (gradient_.weight == 0 || images_ - begun_ < options_.window) return;
  const double generator = generator_loss_.value(), discriminator = discriminator_loss_.value();
  const double norm = std::exp(gradient_.value());
  const bool large = std::max(std::abs(generator), std::abs(discriminator)) > kLargestLoss;
  Episode& episode = At(FindingKind::kDiverged);
  if (!large && norm > kDeadNorm) {
    End(FindingKind::kDiverged, "the losses are on their scale again", out);
    return;
  }
  if (episode.since < 0) episode.since = images_;
  if (episode.spoken > 0) return;
  const std::string seen =
      large ? fmt::format("the losses are {:.2g} (generator) and {:.2g} (discriminator)", generator,
                          discriminator)
            : std::string("the generator gets no gradient at all: its output is saturated");
  Say(FindingKind::kDiverged, Severity::kSevere,
      fmt::format("{} at image {}: training has fallen apart; try learning rates far below {} and "
                  "{}, or train.clip_gradient",
                  seen, ThousandsText(images_), recipe_.generator.learning_rate * rate(),
                  recipe_.discriminator.learning_rate * rate()),
      out);
}

std::vector<Finding> Guard::Observe(const EvaluationFigures& figures) {
  std::vector<Finding> out;
  images_ = std::max(images_, figures.images);
  CheckVariety(figures, out);
  CheckCopies(figures, out);
  return out;
}

void Guard::CheckVariety(const EvaluationFigures& figures, std::vector<Finding>& out) {
  // How far below its bound the worst figure is: under 1 is a collapse.
  double worst = INFINITY;
  std::string what;
  const auto look = [&](const std::optional<double>& value, double bound, const auto& text) {
    if (!Known(value) || !(bound > 0) || *value / bound >= worst) return;
    worst = *value / bound;
    what = text(*value);
  };
  const auto fell = [&](std::string_view name, const std::optional<double>& value, double& best) {
    look(value, options_.coverage_fall * best,
         [&](double now) { return fmt::format("{} fell from {:.2f} to {:.2f}", name, best, now); });
    if (Known(value)) best = std::max(best, *value);
  };
  look(figures.diversity, options_.diversity, [](double now) {
    return fmt::format("samples differ by {} of what real pictures do", PercentText(now));
  });
  fell("the difference between samples", figures.diversity, best_diversity_);
  fell("coverage", figures.coverage, best_coverage_);
  fell("recall", figures.recall, best_recall_);
  Episode& episode = At(FindingKind::kVarietyLost);
  if (worst >= 1) {
    if (episode.since >= 0 && worst >= kRecovered && std::isfinite(worst)) {
      End(FindingKind::kVarietyLost, "samples vary again", out);
    }
    return;
  }
  if (episode.since < 0) episode.since = figures.images;
  if (episode.spoken > 0 && worst * kWorse > episode.measure) return;
  episode.measure = worst;
  Say(FindingKind::kVarietyLost, Severity::kSevere,
      fmt::format("{} at image {}: the generator makes the same again and again; go back to an "
                  "earlier checkpoint, and try loss.relativistic = true with regularisers.r1 and "
                  "r2, or a lower generator.learning_rate",
                  what, ThousandsText(figures.images)),
      out);
}

void Guard::CheckCopies(const EvaluationFigures& figures, std::vector<Finding>& out) {
  if (!Known(figures.copies)) return;
  Episode& episode = At(FindingKind::kMemorising);
  if (*figures.copies < options_.memorised) {
    if (*figures.copies * kRecovered < options_.memorised) {
      End(FindingKind::kMemorising, "samples are fewer copies", out);
    }
    return;
  }
  if (episode.since < 0) episode.since = figures.images;
  if (episode.spoken > 0) return;
  Say(FindingKind::kMemorising, Severity::kWarning,
      fmt::format("{} of the samples at image {} are pictures of the training set: the networks "
                  "learn it by heart; try more pictures, {}, or take an earlier checkpoint",
                  PercentText(*figures.copies), ThousandsText(figures.images),
                  recipe_.augment.policy == "none" ? "augment.policy = \"diffaugment\""
                                                   : "a smaller network.generator_width"),
      out);
}

void Guard::RolledBack(int64_t images) {
  ++rollbacks_;
  in_a_row_ = 0;
  images_ = begun_ = images;
  last_skip_ = images;
  accuracy_ = gradient_ = usual_gradient_ = generator_loss_ = discriminator_loss_ = Mean{};
  stuck_since_ = -1;
  episodes_ = {};
}

// Each member once; saving and restoring cannot disagree.
template <class Self, class Visitor>
void Guard::VisitState(Self& self, Visitor&& visit) {
  visit("images", self.images_);
  visit("begun", self.begun_);
  const auto mean = [&](const std::string& name, auto& value) {
    visit(name + "_sum", value.sum);
    visit(name + "_weight", value.weight);
  };
  mean("accuracy", self.accuracy_);
  mean("gradient", self.gradient_);
  mean("usual_gradient", self.usual_gradient_);
  mean("generator_loss", self.generator_loss_);
  mean("discriminator_loss", self.discriminator_loss_);
  visit("stuck_generator", self.stuck_generator_);
  visit("stuck_discriminator", self.stuck_discriminator_);
  visit("stuck_since", self.stuck_since_);
  visit("best_diversity", self.best_diversity_);
  visit("best_coverage", self.best_coverage_);
  visit("best_recall", self.best_recall_);
  visit("in_a_row", self.in_a_row_);
  visit("skipped", self.skipped_);
  visit("last_skip", self.last_skip_);
  visit("rollbacks", self.rollbacks_);
  for (size_t i = 0; i < kFindingKinds; ++i) {
    visit(fmt::format("since_{}", i), self.episodes_[i].since);
    visit(fmt::format("spoken_{}", i), self.episodes_[i].spoken);
    visit(fmt::format("measure_{}", i), self.episodes_[i].measure);
  }
}

std::string Guard::Save() const {
  Json json;
  // Numbers are written so that they read back to the same bits.
  VisitState(*this, [&](const std::string& name, const auto& value) { json[name] = value; });
  return json.dump();
}

void Guard::Restore(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  Guard restored(recipe_);
  const auto bad = [](const std::string& name) {
    Fail(ErrorCode::kBadData, "guard", "the saved state has no sound \"{}\"", name);
  };
  if (!json.is_object()) bad("object");
  VisitState(restored, [&]<class T>(const std::string& name, T& value) {
    const auto found = json.find(name);
    if (found == json.end()) bad(name);
    if (std::is_same_v<T, double> ? !found->is_number() : !found->is_number_integer()) bad(name);
    value = found->template get<T>();
  });
  *this = std::move(restored);
}

}  // namespace gan::core
