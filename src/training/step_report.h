// What one training step did, in numbers.
#ifndef GAN_TRAINING_STEP_REPORT_H_
#define GAN_TRAINING_STEP_REPORT_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

namespace gan::core {

// Means over the batch and over all processes.
struct StepReport {
  double discriminator_loss = 0;  // without regularisers
  double generator_loss = 0;
  double penalty = 0;     // of all regularisers together
  double real_logit = 0;  // D(real)
  double fake_logit = 0;  // D(fake)
  // Shares that are judged rightly; of pairs in the right order where only differences count.
  double real_right = 0;
  double fake_right = 0;
  double real_sign = 0;               // mean sign of D(real)
  double discriminator_gradient = 0;  // lengths
  double generator_gradient = 0;
  double augmentation = 0;  // probability
  double rate = 1;          // factor on the learning rates
  int skipped = 0;          // updates left out because a gradient was not finite

  // Adds the figures of another step; Mean() of the sum of `steps` is what a log shows.
  void Add(const StepReport& other);
  StepReport Mean(int64_t steps) const;

  // Every field by its name, exactly.
  nlohmann::ordered_json ToJson() const;
  static StepReport FromJson(const nlohmann::ordered_json& json);
};

}  // namespace gan::core

#endif  // GAN_TRAINING_STEP_REPORT_H_
