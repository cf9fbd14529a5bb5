// SRResNet and SRGAN's generator (Ledig et al. 2017, "Photo-realistic single image super-resolution
// using a generative adversarial network"), and the modified SRResNet of Wang et al. 2018.
#ifndef GAN_MODELS_SRGAN_SRGAN_H_
#define GAN_MODELS_SRGAN_SRGAN_H_

#include "models/family.h"

namespace gan::core {

extern const Family kSrgan;

}  // namespace gan::core

#endif  // GAN_MODELS_SRGAN_SRGAN_H_
