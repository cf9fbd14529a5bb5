// What a user may choose of a generator with styles.
#ifndef GAN_MODELS_STYLE_CHOICE_H_
#define GAN_MODELS_STYLE_CHOICE_H_

#include <cstdint>

#include "models/model.h"

namespace gan::core {

enum class StyleNoise {
  kStored,  // as in the file
  kRandom,  // drawn anew, from a seed
  kOff,
};

struct StyleChoice {
  // How far from the average style to go: 1 all the way, 0 the average picture, beyond 1 further
  // than the network was trained to. (Karras et al. 2019, section 2.1 and appendix B)
  double truncation = 1;
  int64_t cutoff = 0;  // layers that it holds for, from the coarsest; 0: all
  StyleNoise noise = StyleNoise::kStored;
  uint64_t seed = 0;  // of kRandom
};

// Writes the choice into copies of the model's parameters.
// Error kUsage: a model without styles, a truncation where the file has no average style, or one
// that is not finite, or a cutoff below 0.
void ApplyStyleChoice(const StyleChoice& choice, Model& model);

}  // namespace gan::core

#endif  // GAN_MODELS_STYLE_CHOICE_H_
