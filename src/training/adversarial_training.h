// The alternation itself: discriminator, generator, and what keeps them in balance.
#ifndef GAN_TRAINING_ADVERSARIAL_TRAINING_H_
#define GAN_TRAINING_ADVERSARIAL_TRAINING_H_

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>

#include "models/pair.h"
#include "runs/recipe.h"
#include "tensor/named_tensors.h"
#include "training/augmentation/ada.h"
#include "training/augmentation/diff_augment.h"
#include "training/autocast.h"
#include "training/losses/adversarial_loss.h"
#include "training/optimiser.h"
#include "training/processes.h"
#include "training/regularisers/lecam.h"
#include "training/step_random.h"
#include "training/step_report.h"
#include "training/trained_network.h"

namespace gan::core {

// This process's share of a batch of real pictures.
struct TrainingBatch {
  at::Tensor pictures;  // [n, C, H, W] in [-1, 1]
  at::Tensor labels;    // [n, classes] one-hot; undefined without classes
};

// One generator and one discriminator with their optimisers, on one device. Knows no files.
// The same calls on the same machine with the same number of threads give the same bits.
// Not thread-safe.
class AdversarialTraining {
 public:
  // Numbers of draws that a step keeps apart: accumulation and augmentation use them up.
  static constexpr uint64_t kPartsPerStep = 1 << 16;

  // `processes` must outlive it. Error kConfiguration as of BuildPair.
  AdversarialTraining(const Recipe& recipe, const PairConfig& pair, Processes& processes,
                      at::Device device);

  // One step of the generator, after one of the discriminator for each of `batches`. `images`: real
  // pictures seen before this step, over all processes.
  StepReport Step(std::span<const TrainingBatch> batches, int64_t images);

  // The averaged generator's pictures for these latents, as in use: [n, C, H, W], one for each row
  // of z [n, latent] and of one-hot labels.
  at::Tensor Sample(const at::Tensor& z, const at::Tensor& labels);
  // It, ready to be saved, spectral norms folded in.
  NamedTensors Generator() const { return generator_.Export(average_); }
  const Graph& generator_graph() const { return generator_.graph(); }
  const Graph& discriminator_graph() const { return discriminator_.graph(); }

  // Everything that a resume needs. Restore() of a Save() continues bit for bit.
  struct Saved {
    NamedTensors tensors;
    nlohmann::json state;
  };
  Saved Save() const;
  // Error kBadData: of another network or another shape.
  void Restore(const Saved& saved);

  // After a rollback: slower, and with other random numbers, or it would all happen again.
  void Change(double rate_factor, uint64_t salt);
  double rate_factor() const { return rate_factor_; }
  uint64_t salt() const { return salt_; }  // grows with each change

  at::Device device() const { return device_; }
  int64_t latent() const { return latent_; }

 private:
  // Draws of one purpose within one part of a step are told apart by these.
  enum Draw : uint64_t {
    kDiscriminatorReal,
    kDiscriminatorFake,
    kGeneratorFake,
    kGeneratorReal,
    kDraws
  };

  AdversarialTraining(const Recipe& recipe, const PairConfig& config, const Pair& pair,
                      Processes& processes, at::Device device);
  // `part`: which of the parts that one process works on one after another.
  StepRandom RandomFor(StepRandom::Purpose purpose, uint64_t part, const BatchSlice& slice) const;
  BatchSlice SliceOf(int64_t rows) const;
  torch_backend::RunOptions OptionsFor(uint64_t dropout_seed) const;
  at::Tensor RunGenerator(const at::Tensor& z, const at::Tensor& labels,
                          uint64_t dropout_seed) const;
  at::Tensor RunDiscriminator(const at::Tensor& pictures, const at::Tensor& labels,
                              uint64_t dropout_seed) const;
  at::Tensor Augment(const at::Tensor& pictures, Draw draw, const BatchSlice& slice,
                     uint64_t part) const;
  at::Tensor Make(const TrainingBatch& part, const BatchSlice& slice, uint64_t index);
  at::Tensor Penalties(const TrainingBatch& part, const BatchSlice& slice, uint64_t index,
                       const at::Tensor& real, const at::Tensor& fake);
  at::Tensor DiscriminatorLoss(const TrainingBatch& part, const BatchSlice& slice, uint64_t index,
                               const at::Tensor& made, StepReport& report);
  void Collect(const at::Tensor& loss, TrainedNetwork& network, const LossScale& scale, bool first,
               const at::Tensor& block);
  bool Update(TrainedNetwork& network, Optimiser& optimiser, LossScale& scale,
              const at::Tensor& gradient, double rate, double& length);
  void StepDiscriminator(const TrainingBatch& batch, bool share, StepReport& report);
  void StepGenerator(const TrainingBatch& batch, StepReport& report);
  void UpdateAverage(int64_t images, int64_t seen);
  void Reduce(StepReport& report);
  uint64_t Seed() const { return static_cast<uint64_t>(recipe_.train.seed) + (salt_ << 32); }

  Recipe recipe_;
  Processes& processes_;
  at::Device device_;
  int64_t latent_;
  bool joint_;  // real and made pictures go through the discriminator together
  bool has_dropout_;
  AdversarialLoss loss_;
  TrainedNetwork generator_;
  TrainedNetwork discriminator_;
  Optimiser generator_optimiser_;
  Optimiser discriminator_optimiser_;
  at::Tensor average_;  // of the generator, as a block
  at::Tensor generator_gradient_;
  at::Tensor discriminator_gradient_;
  std::optional<LeCam> lecam_;
  std::optional<DiffAugment> diff_augment_;
  std::optional<AdaPipeline> ada_;
  AdaController ada_controller_;
  LossScale generator_scale_;
  LossScale discriminator_scale_;
  uint64_t steps_ = 0;  // of the discriminator
  at::Tensor shared_;   // the generator's pictures, made once for both phases
  double rate_factor_ = 1;
  uint64_t salt_ = 0;
};

}  // namespace gan::core

#endif  // GAN_TRAINING_ADVERSARIAL_TRAINING_H_
