// The modern residual pair of "The GAN is dead; long live the GAN! A modern GAN baseline" (Huang et
// al. 2024): no normalisation, grouped convolutions in inverted bottlenecks, bilinear resampling,
// fixup initialisation. Written from the paper. Its loss and penalties are the recipe's matter.
#ifndef GAN_MODELS_R3GAN_R3GAN_H_
#define GAN_MODELS_R3GAN_R3GAN_H_

#include "models/family.h"

namespace gan::core {

extern const Family kR3gan;

}  // namespace gan::core

#endif  // GAN_MODELS_R3GAN_R3GAN_H_
