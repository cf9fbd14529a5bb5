// The metrics of a run while it trains: made by the averaged generator, against the data.
#ifndef GAN_TRAINING_RUN_EVALUATION_H_
#define GAN_TRAINING_RUN_EVALUATION_H_

#include <cstdint>
#include <memory>

#include "data/dataset.h"
#include "metrics/evaluation.h"
#include "runs/guard.h"
#include "runs/recipe.h"
#include "runtime/backend.h"
#include "training/adversarial_training.h"

namespace gan::core {

// Not thread-safe. `recipe` must outlive it.
class RunEvaluation {
 public:
  // Reads the features' network and the statistics of the data, which the user's cache keeps.
  // Error kNoInput: no such weights; kUsage: metrics that the features cannot give.
  RunEvaluation(const Recipe& recipe, const Dataset& data, int threads);

  // What the recipe asks for, of its number of samples: the same latents every time.
  Figures Evaluate(AdversarialTraining& training);
  // What the guard wants to know of the last Evaluate().
  const EvaluationFigures& health() const { return health_; }

 private:
  const Recipe& recipe_;
  int64_t classes_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Evaluation> evaluation_;
  EvaluationFigures health_;
};

// Dataset pictures as metrics take them.
PictureSource SourceOf(const Dataset& data);

}  // namespace gan::core

#endif  // GAN_TRAINING_RUN_EVALUATION_H_
