// Watches a run and says in words when it goes wrong. Pure arithmetic: it is told figures, and
// answers with findings; the trainer acts.
#ifndef GAN_RUNS_GUARD_H_
#define GAN_RUNS_GUARD_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runs/recipe.h"

namespace gan::core {

enum class FindingKind {
  kNonFinite,         // losses or gradients that are NaN or infinite
  kDiscriminatorWon,  // it is right all the time
  kExploding,         // the generator's gradient is far above its usual
  kVarietyLost,       // samples resemble each other
  kMemorising,        // samples are training pictures
  kStuck,             // the losses do not move
  kDiverged,          // losses beyond any scale, or a generator that gets no gradient at all
};
inline constexpr size_t kFindingKinds = 7;

enum class Severity { kNote, kWarning, kSevere };  // a note: it is over

// What the trainer is to do now. "roll back" is: load the newest good checkpoint, call RolledBack
// (the guard itself is not restored), multiply both rates by rate().
enum class GuardAction { kNone, kSkipStep, kRollBack, kStop };

struct Finding {
  FindingKind kind = FindingKind::kNonFinite;
  Severity severity = Severity::kNote;
  GuardAction action = GuardAction::kNone;
  int64_t since = 0;  // images
  std::string text;   // one line; empty: nothing new to say, only to do
};

// Of one step. What was not measured (a step without the generator) stays empty.
struct StepFigures {
  int64_t images = 0;  // seen after it
  bool finite = true;  // losses and gradients of both networks
  std::optional<double> generator_loss;
  std::optional<double> discriminator_loss;
  // Shares of the batch judged rightly. With relativistic pairing or the Wasserstein loss only
  // differences mean something: the share of pairs with D(real) > D(fake), in both.
  std::optional<double> real_accuracy;
  std::optional<double> fake_accuracy;
  std::optional<double> generator_gradient;  // norm, before clipping
};

struct EvaluationFigures {
  int64_t images = 0;
  std::optional<double> diversity;  // mean distance of samples / that of as many real pictures
  std::optional<double> coverage;
  std::optional<double> recall;
  std::optional<double> copies;  // share of samples that are a training picture
};

// Says each thing once, again when it gets much worse, and when it is over. Not thread-safe.
class Guard {
 public:
  explicit Guard(const Recipe& recipe);

  std::vector<Finding> Observe(const StepFigures& step);
  std::vector<Finding> Observe(const EvaluationFigures& figures);

  // The run went back to a checkpoint of `images`.
  void RolledBack(int64_t images);

  double rate() const;                          // share of the recipe's rates to train with
  int64_t skipped() const { return skipped_; }  // steps that were not finite, in all
  int64_t rollbacks() const { return rollbacks_; }

  // For the progress line: "ok", or the worst that goes on in a word or two.
  std::string_view Word() const;

  // Everything but the recipe, as JSON; restoring gives the same guard bit for bit.
  // Error kBadData: not of a guard.
  std::string Save() const;
  void Restore(std::string_view json);

 private:
  // A mean that forgets, over `horizon` images.
  struct Mean {
    double sum = 0;
    double weight = 0;
    void Add(double value, double images, double horizon);
    double value() const { return weight > 0 ? sum / weight : 0; }
  };
  // Something that goes on, from its first sign to its end.
  struct Episode {
    int64_t since = -1;  // images at the first sign; -1: nothing goes on
    int64_t spoken = 0;  // 0: not said yet, else the severity + 1
    double measure = 0;  // when it was last said; how much worse is now?
  };

  Episode& At(FindingKind kind) { return episodes_[static_cast<size_t>(kind)]; }
  const Episode& At(FindingKind kind) const { return episodes_[static_cast<size_t>(kind)]; }
  void Say(FindingKind kind, Severity severity, std::string text, std::vector<Finding>& out);
  void End(FindingKind kind, std::string_view text, std::vector<Finding>& out);
  GuardAction ActionFor(FindingKind kind, Severity severity) const;

  void ObserveNonFinite(const StepFigures& step, std::vector<Finding>& out);
  void UpdateMeans(const StepFigures& step);
  void CheckWon(std::vector<Finding>& out);
  void CheckExploding(std::vector<Finding>& out);
  void CheckStuck(std::vector<Finding>& out);
  void CheckDiverged(std::vector<Finding>& out);
  void CheckVariety(const EvaluationFigures& figures, std::vector<Finding>& out);
  void CheckCopies(const EvaluationFigures& figures, std::vector<Finding>& out);
  double GradientShare() const;  // of its usual
  std::string AgainstTheDiscriminator() const;

  template <class Self, class Visitor>
  static void VisitState(Self& self, Visitor&& visit);

  Recipe::Guard options_;
  Recipe recipe_;

  int64_t images_ = 0;
  int64_t begun_ = 0;  // images where the means began
  Mean accuracy_;
  Mean gradient_;  // of logarithms: norms vary over decades
  Mean usual_gradient_;
  Mean generator_loss_;
  Mean discriminator_loss_;
  double stuck_generator_ = 0;  // where the losses were when they last moved
  double stuck_discriminator_ = 0;
  int64_t stuck_since_ = -1;
  double best_diversity_ = 0;
  double best_coverage_ = 0;
  double best_recall_ = 0;
  int64_t in_a_row_ = 0;  // steps that were not finite
  int64_t skipped_ = 0;
  int64_t last_skip_ = 0;  // images
  int64_t rollbacks_ = 0;
  std::array<Episode, kFindingKinds> episodes_{};
};

}  // namespace gan::core

#endif  // GAN_RUNS_GUARD_H_
